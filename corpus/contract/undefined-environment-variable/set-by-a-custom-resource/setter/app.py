import os

import boto3
import cfnresponse

functions = boto3.client("lambda")


def handler(event, context):
    if event["RequestType"] != "Delete":
        functions.update_function_configuration(
            FunctionName=os.environ["FUNCTION"],
            Environment={"Variables": {"ANSWERS": os.environ["ANSWERS"]}},
        )
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {})

import time

import cfnresponse


def handler(event, context):
    time.sleep(10)
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {})

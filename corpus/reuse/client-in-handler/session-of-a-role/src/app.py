import boto3

sts = boto3.client("sts")


def session_of(account):
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/audit", RoleSessionName="audit")
    keys = role["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def handler(event, context):
    iam = session_of(event["account"]).client("iam")
    return len(iam.list_account_aliases()["AccountAliases"])

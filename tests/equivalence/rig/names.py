"""Account, region and the names that CloudFormation would give: the same on both sides."""

ACCOUNT = "123456789012"
REGION = "us-east-1"


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def last(identifier):
    """The name in an ARN or in the address of a queue."""
    return identifier.replace("/", ":").rsplit(":", 1)[-1]


# By type: the property that names a resource, what Ref gives and what GetAtt Arn gives for a name.
KINDS = {
    "AWS::DynamoDB::Table": ("TableName", str, lambda name: arn("dynamodb", f"table/{name}")),
    "AWS::Events::EventBus": ("Name", str, lambda name: arn("events", f"event-bus/{name}")),
    "AWS::IAM::Role": ("RoleName", str, lambda name: f"arn:aws:iam::{ACCOUNT}:role/{name}"),
    "AWS::Kinesis::Stream": ("Name", str, lambda name: arn("kinesis", f"stream/{name}")),
    "AWS::Lambda::Function": ("FunctionName", str, lambda name: arn("lambda", f"function:{name}")),
    "AWS::S3::Bucket": ("BucketName", str, lambda name: f"arn:aws:s3:::{name}"),
    "AWS::SNS::Topic": ("TopicName", lambda name: arn("sns", name), None),
    "AWS::SQS::Queue": ("QueueName", None, lambda name: arn("sqs", name)),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", lambda name: arn("states", f"stateMachine:{name}"), None),
}

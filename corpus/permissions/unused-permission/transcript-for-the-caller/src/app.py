import os

import boto3

s3 = boto3.client("s3")
transcribe = boto3.client("transcribe")


def handler(event, context):
    bucket = os.environ["BUCKET"]
    language = s3.head_object(Bucket=bucket, Key=event["key"])["ContentLanguage"]
    transcribe.start_transcription_job(
        TranscriptionJobName=event["id"],
        LanguageCode=language or "en-US",
        Media={"MediaFileUri": f"https://{bucket}.s3.amazonaws.com/{event['key']}"},
        OutputBucketName=bucket,
    )

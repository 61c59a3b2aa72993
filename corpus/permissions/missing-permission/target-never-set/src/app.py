import base64
import json
import os

import boto3


class Voice:
    def __init__(self, bucket=None):
        self._polly = boto3.client("polly")
        self._s3 = boto3.client("s3") if bucket else None
        self._bucket = bucket

    def say(self, text):
        spoken = self._polly.synthesize_speech(VoiceId="Amy", OutputFormat="mp3", Text=text)
        audio = spoken["AudioStream"].read()
        if self._bucket and self._s3 is not None:
            self._s3.put_object(Bucket=self._bucket, Key="last.mp3", Body=audio)
        return base64.b64encode(audio).decode("ascii")


def plain(text):
    if "&" in text:
        text = text.replace("&", "and")
    if "%" in text:
        text = text.replace("%", "per cent")
    if "+" in text:
        text = text.replace("+", "plus")
    if "=" in text:
        text = text.replace("=", "is")
    if "@" in text:
        text = text.replace("@", "at")
    if "#" in text:
        text = text.replace("#", "number")
    if "<" in text:
        text = text.replace("<", "less than")
    if ">" in text:
        text = text.replace(">", "more than")
    if "$" in text:
        text = text.replace("$", "dollars")
    if "*" in text:
        text = text.replace("*", "times")
    if "/" in text:
        text = text.replace("/", "by")
    if "~" in text:
        text = text.replace("~", "about")
    if "^" in text:
        text = text.replace("^", "to the power of")
    if "|" in text:
        text = text.replace("|", "or")
    return text


voice = Voice(bucket=os.getenv("AUDIO_BUCKET"))


def handler(event, context):
    text = plain(json.loads(event["body"])["text"])
    return {"statusCode": 200, "body": json.dumps({"audio": voice.say(text)})}

"""What several functions share."""

import os

import boto3

dynamodb = boto3.resource("dynamodb")


def open_table(variable):
    return dynamodb.Table(os.environ[variable])

import json
import logging

logger = logging.getLogger()


def handler(event, context):
    logger.info("asked for health")
    return {"statusCode": 200, "body": json.dumps({"status": "ok", "since": 2024})}

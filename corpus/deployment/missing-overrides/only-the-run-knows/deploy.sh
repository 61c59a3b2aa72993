#!/bin/bash
ARGUMENTS=(--stack-name orders-prod)
sam deploy --no-confirm-changeset --no-fail-on-empty-changeset --resolve-s3 --capabilities CAPABILITY_IAM --stack-name orders-prod "${ARGUMENTS[@]}"
sam deploy --stack-name orders-prod --parameter-overrides $OVERRIDES

#!/bin/sh
aws cloudformation deploy --template-file template.yaml --stack-name orders-prod --parameter-overrides file://params/prod.json

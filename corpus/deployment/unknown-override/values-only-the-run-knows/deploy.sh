#!/bin/sh
sam deploy --stack-name "orders-$1" --parameter-overrides Environment=$1 $MORE
sam deploy --parameter-overrides "$PARAMS"

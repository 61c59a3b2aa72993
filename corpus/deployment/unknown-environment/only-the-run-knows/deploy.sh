#!/bin/sh
sam deploy --config-env "$1"
sam deploy --config-env $STAGE

#!/bin/sh
TOKEN="Kq8vT2mWz4" #~ secret-in-configuration
sam deploy --stack-name orders --parameter-overrides Environment=dev Token="$TOKEN"

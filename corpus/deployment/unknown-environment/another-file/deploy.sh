#!/bin/sh
sam deploy --config-file samconfig-extra.yaml --config-env qa

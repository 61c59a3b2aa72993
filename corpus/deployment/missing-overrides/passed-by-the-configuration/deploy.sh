#!/bin/sh
sam deploy --config-env prod

#!/bin/sh
sam deploy --stack-name orders --parameter-overrides Stage=local #~ unknown-override

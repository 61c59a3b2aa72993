#!/bin/sh
cd live
sam build --template learner.yaml
sam deploy --template-file .aws-sam/build/template.yaml --stack-name live --parameter-overrides Topic=$TOPIC
cd ..
cd orders
sam build
sam deploy --template-file .aws-sam/build/template.yaml --stack-name orders --parameter-overrides Table=$TABLE

#!/bin/sh
# Builds the image that skaffold asks for with the SDK alone: no Dockerfile, a non-root user, only what runs.
set -eu
dotnet publish "$1" --configuration Release --os linux -t:PublishContainer \
  -p:ContainerRepository="${IMAGE%:*}" -p:ContainerImageTag="${IMAGE##*:}"

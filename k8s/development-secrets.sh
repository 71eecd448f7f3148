#!/bin/sh
# Gives each app of a local cluster the development secrets as its own file. In production they come from your own
# secret store: outside Development the services refuse these and end.
set -eu
kubectl create namespace ticketing --dry-run=client -o yaml | kubectl apply -f -
for app in auth tickets orders expiration payments web; do
  kubectl -n ticketing create secret generic "$app-secrets" --dry-run=client -o yaml \
    --from-file=secrets.json=components/development-secrets.json | kubectl apply -f -
done

#!/bin/sh
# Set up what programs in other languages need, for their tests:
#     languages.sh node FOLDER    Pulumi's SDK and the compiler of TypeScript
#     languages.sh java FOLDER    the jars of Pulumi's SDK
#     languages.sh go             Pulumi's SDK, compiled into Go's own cache
# Without the language's tools this says so and does nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

need() {
    command -v "$1" >/dev/null && return
    echo "there is no $1: programs in $2 are not tested" >&2
    exit 0
}

case $1 in
node)
    need npm TypeScript
    echo "setting up $2 (once, half a minute)" >&2
    mkdir -p "$2"
    cp "$here/node/package.json" "$here/node/package-lock.json" "$here/node/.npmrc" "$2"
    npm ci --prefix "$2" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    touch "$2/.ready"
    ;;
java)
    need mvn Java
    need javac Java
    echo "setting up $2 (once, a quarter of a minute)" >&2
    plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
    if mvn --quiet --batch-mode --file "$here/java/pom.xml" \
        "$plugin:copy-dependencies" -DoutputDirectory="$2" -DincludeScope=runtime >&2; then
        touch "$2/.ready"
    else
        echo "the jars cannot be had: programs in Java are not tested" >&2
    fi
    ;;
go)
    need go Go
    # In the module of the CLI: what its build has compiled is not compiled again.
    cd "$here/pulumi/cli"
    sdk=github.com/pulumi/pulumi/sdk/v3/go/pulumi
    CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod GOSUMDB=off \
        go build -trimpath "$sdk" "$sdk/config"
    ;;
esac

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
    # A user's program: the CLI's versions, whose compiled packages serve it too, and the
    # generated SDK. Its graph of modules is larger than the CLI's own.
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cp -R "$here/go/." "$here/pulumi/cli/go.sum" "$folder"
    sdk=pulumi-rdsclone/sdk/go
    {
        echo "module shop"
        tail -n +2 "$here/pulumi/cli/go.mod"
        echo "require $sdk v0.0.0"
        echo "replace $sdk => ./generated"
    } >"$folder/go.mod"
    cd "$folder"
    CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod GOSUMDB=off \
        go build -trimpath -o "$folder/program" .
    ;;
esac

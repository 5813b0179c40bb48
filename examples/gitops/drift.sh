#!/bin/sh
# Tell whether a stack's clones were changed behind its back; nothing is changed.
#
#     ./drift.sh STACK
#
# Exit codes: 0 no drift, 7 drift, any other: it could not be told.
set -u
# With either of these the CLI refuses a refresh that is a preview only.
unset PULUMI_SKIP_CONFIRMATIONS PULUMI_OPTION_YES
pulumi refresh --stack "$1" --preview-only --expect-no-changes --diff --non-interactive
code=$?
case $code in
0) echo "no drift" ;;
7) echo "drift: pulumi up --refresh repairs it, or change the program" ;;
*) echo "drift could not be told, see above" ;;
esac
exit "$code"

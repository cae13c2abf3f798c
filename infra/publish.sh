#!/usr/bin/env bash
# Builds the portal and puts it where the stack serves it: infra/publish.sh STACK
# Needs the AWS command line, signed in to the account that the stack is in.
# With an issuer of your own, say where it signs people in and to which client:
#   ISSUER=… CLIENT_ID=… AUTHORIZATION_ENDPOINT=… TOKEN_ENDPOINT=… infra/publish.sh STACK
set -euo pipefail

stack=${1:?usage: infra/publish.sh STACK}
cd "$(dirname "$0")/.."

output() {
    aws cloudformation describe-stacks --stack-name "$stack" \
        --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]" --output text
}

bucket=$(output PortalBucketName)
distribution=$(output PortalId)
sign_in=$(output SignInUrl)
if [ "$sign_in" != None ]; then
    pool=$(output UserPoolId)
    ISSUER=https://cognito-idp.${pool%%_*}.amazonaws.com/$pool
    CLIENT_ID=$(output UserPoolClientId)
    AUTHORIZATION_ENDPOINT=$sign_in/oauth2/authorize
    TOKEN_ENDPOINT=$sign_in/oauth2/token
    SIGN_OUT_ENDPOINT=$sign_in/logout
    SIGN_OUT_PARAMETER=logout_uri
fi
: "${ISSUER:?name the issuer}" "${CLIENT_ID:?name the client}" "${AUTHORIZATION_ENDPOINT:?}" "${TOKEN_ENDPOINT:?}"

(cd portal && npm ci && npm run build)
ISSUER=$ISSUER CLIENT_ID=$CLIENT_ID AUTHORIZATION_ENDPOINT=$AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT=$TOKEN_ENDPOINT \
    SIGN_OUT_ENDPOINT=${SIGN_OUT_ENDPOINT:-} SIGN_OUT_PARAMETER=${SIGN_OUT_PARAMETER:-} node -e '
const e = process.env
console.log(JSON.stringify({
  issuer: e.ISSUER, clientId: e.CLIENT_ID, scope: "openid email profile",
  authorizationEndpoint: e.AUTHORIZATION_ENDPOINT, tokenEndpoint: e.TOKEN_ENDPOINT,
  ...(e.SIGN_OUT_ENDPOINT && { signOutEndpoint: e.SIGN_OUT_ENDPOINT }),
  ...(e.SIGN_OUT_PARAMETER && { signOutParameter: e.SIGN_OUT_PARAMETER }),
}))' >portal/dist/config.json

# Parts have their content in their names and never change; old ones stay for pages that are open. The two files that name
# them come last, and are asked for anew each time.
aws s3 sync portal/dist "s3://$bucket" --exclude index.html --exclude config.json --exclude '.vite/*' --cache-control 'public, max-age=31536000, immutable'
for file in config.json index.html; do
    aws s3 cp "portal/dist/$file" "s3://$bucket/$file" --cache-control no-cache
done
aws cloudfront create-invalidation --distribution-id "$distribution" --paths /index.html /config.json >/dev/null
echo "published to $(output PortalUrl)"

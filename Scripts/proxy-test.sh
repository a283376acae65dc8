#!/usr/bin/env bash
# Tries the viewer behind nginx as Packaging/nginx.conf sets it up, and with TLS of its own: sign-in, refused
# names, addresses in the access log. Skips where nginx, openssl or curl is missing.
# Usage: proxy-test.sh FOLDER   a folder that holds motorpool and motorpool-viewer
set -euo pipefail
cd "$(dirname "$0")/.."
programs=$(realpath "${1:?name the folder of motorpool and motorpool-viewer}")
PATH=$PATH:/usr/sbin
for tool in nginx openssl curl; do
  command -v "$tool" >/dev/null || {
    echo "proxy-test: skipped: $tool is missing"
    exit 0
  }
done
work=$(mktemp -d)
viewer='' proxy=''
clean() {
  local pid
  for pid in $viewer $proxy; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT
fail() {
  echo "proxy-test: FAILED: $1" >&2
  tail -n 5 "$work"/*.log >&2 || true
  exit 1
}
expect() {
  local wanted=$1 what=$2 got
  shift 2
  got=$(curl -s -o "$work/answer" -w '%{http_code}' "$@" || true)
  [[ $got == "$wanted" ]] || fail "$what: $got instead of $wanted"
  echo "$what: $got"
}
name=emg.example.org
port=$((20000 + $$ % 10000))
motorpool() { "$programs/motorpool" "$@"; }

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
  -keyout "$work/key.pem" -out "$work/chain.pem" 2>/dev/null
chmod 600 "$work/key.pem"
registry=$work/study.sqlite
motorpool patient add P001 --registry "$registry" >/dev/null
echo 'a long enough password' | motorpool user add ruth --registry "$registry" >/dev/null

start() {
  "$programs/motorpool" serve --registry "$registry" "$@" >"$work/viewer.log" 2>&1 &
  viewer=$!
  for _ in $(seq 100); do
    grep -q Open "$work/viewer.log" && return
    sleep 0.1
  done
  fail "the viewer does not start"
}
walk() {
  local address=$1
  shift
  expect 303 "first page without a session" "$@" "$address/"
  expect 401 "interface without a session" "$@" "$address/api/v1/patients"
  expect 401 "wrong password" "$@" -H "Origin: $address" -d '{"user":"ruth","password":"no"}' \
    "$address/api/v1/session"
  expect 403 "sign-in from another page" "$@" -H 'Origin: https://evil.example' \
    -d '{"user":"ruth","password":"a long enough password"}' "$address/api/v1/session"
  expect 200 "sign-in" "$@" -c "$work/cookies" -H "Origin: $address" \
    -d '{"user":"ruth","password":"a long enough password"}' "$address/api/v1/session"
  grep -q '__Host-motorpool' "$work/cookies" || fail "the cookie is not bound to the host"
  expect 200 "patients" "$@" -b "$work/cookies" "$address/api/v1/patients"
  grep -q P001 "$work/answer" || fail "the patient is not told"
  expect 200 "access log" "$@" -b "$work/cookies" "$address/api/v1/access-log"
}

echo "== behind nginx"
start --behind-proxy "$name:$port" --port $((port + 1)) --metrics
sed -e "s/listen 443 ssl/listen 127.0.0.1:$port ssl/" -e "s#/etc/ssl/$name#$work#" \
  -e "s/127.0.0.1:8080/127.0.0.1:$((port + 1))/" Packaging/nginx.conf >"$work/site.conf"
cat >"$work/nginx.conf" <<END
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  include $work/site.conf;
}
END
nginx -c "$work/nginx.conf" -g 'daemon off;' 2>>"$work/nginx.log" &
proxy=$!
for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
reach=(--cacert "$work/chain.pem" --resolve "$name:$port:127.0.0.1")
walk "https://$name:$port" "${reach[@]}" -H 'X-Forwarded-For: 203.0.113.9'
grep -q '"client":"127.0.0.1"' "$work/answer" || fail "the visitor's address is not the proxy's word"
grep -q '203.0.113.9' "$work/answer" && fail "an address that the visitor made up is believed"
expect 404 "metrics from outside" "${reach[@]}" "https://$name:$port/metrics"
expect 200 "metrics on the machine" "http://127.0.0.1:$((port + 1))/metrics"
expect 403 "another name" "http://127.0.0.1:$((port + 1))/"
expect 413 "2 MB" "${reach[@]}" -b "$work/cookies" -H "Origin: https://$name:$port" \
  --data-binary @<(head -c 2000000 /dev/zero) "https://$name:$port/api/v1/session"
kill "$proxy" "$viewer" && wait "$proxy" "$viewer" 2>/dev/null || true

echo "== TLS of its own"
start --port "$port" --tls-cert "$work/chain.pem" --tls-key "$work/key.pem" --name "$name"
walk "https://$name:$port" "${reach[@]}"
expect 000 "without TLS" --resolve "$name:$port:127.0.0.1" "http://$name:$port/"
expect 000 "TLS 1.1" --tls-max 1.1 "${reach[@]}" "https://$name:$port/login"
expect 403 "another name" -k "https://127.0.0.1:$port/"
echo "proxy-test: as it should be"

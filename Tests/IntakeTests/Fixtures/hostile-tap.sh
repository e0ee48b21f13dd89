#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A Singer tap that misbehaves as its configuration says: {"behave": "…", "secret": "…", "note": "a file to write to"}.
config= state= catalog=
while [ $# -gt 0 ]; do
    case $1 in
        --config) config=$2 ;;
        --state) state=$2 ;;
        --catalog) catalog=$2 ;;
    esac
    shift 2
done
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$config"; }
behave=$(value behave) secret=$(value secret) note=$(value note)
[ -z "$note" ] || echo "pid=$$ state=$([ -z "$state" ] || cat "$state") catalog=$([ -z "$catalog" ] || cat "$catalog") folder=$(pwd) mode=$(stat -c %a "$config" .| tr '\n' ' ')environment=$(tr '\0' ' ' </proc/$$/environ)limit=$(ulimit -v)" >>"$note"

schema() { echo '{"type":"SCHEMA","stream":"licences","schema":{"properties":{"id":{"type":"string"}}},"key_properties":["id"]}'; }
record() { echo "{\"type\":\"RECORD\",\"stream\":\"licences\",\"record\":{\"id\":\"$1\",\"no\":\"00$1\",\"zt\":\"1\"},\"time_extracted\":\"2026-11-25T00:00:00Z\"}"; }
records() { n=$1; while [ "$n" -le "$2" ]; do record "$n"; n=$((n + 1)); done; }
state() { echo "{\"type\":\"STATE\",\"value\":{\"bookmarks\":{\"licences\":{\"at\":$1}}}}"; }

case $behave in
    good) schema; records 1 3; state 3; records 4 5; state 5 ;;
    many) schema; awk 'BEGIN { for (n = 1; n <= 2500; n++) {
        printf "{\"type\":\"RECORD\",\"stream\":\"licences\",\"record\":{\"id\":\"%d\",\"no\":\"%d\",\"zt\":\"1\"}}\n", n, n
        if (n % 700 == 0) printf "{\"type\":\"STATE\",\"value\":{\"n\":%d}}\n", n } }' ;;
    words) echo '{"type":"schema","stream":"licences","schema":{"$ref":"#/x"}}'; echo '{"type":"LOG","text":"x"}'
        echo '{"type":"Record","stream":"licences","record":{"id":"1","no":"1","zt":"1","amount":12345678901234567890.10}}'
        echo '{"type":"RECORD","stream":"others","record":{"id":"9"}}'; schema; echo; printf '{"type":"state","value":{"a":1}}' ;;
    state-first) state 1; schema; record 1 ;;
    no-state) schema; records 1 2 ;;
    exit-1) schema; records 1 2; state 2; record 3
        echo "Traceback: key $secret of 430104199001011232 张三" >&2; exit 1 ;;
    killed) schema; record 1; state 1; kill -SEGV $$ ;;
    garbage) schema; record 1; state 1; echo 'INFO starting'; sleep 1000 ;;
    scalar) schema; echo '42'; sleep 1000 ;;
    hang) schema; record 1; state 1; sleep 1000 ;;
    stubborn) trap '' TERM; schema; while :; do sleep 1000; done ;;
    family) schema; record 1; sleep 1000 & sleep 1000 & wait ;;
    daemon) schema; record 1; state 1; (sleep 1000 >/dev/null 2>&1) & ;;
    drip) schema; while :; do printf x; sleep 0.2; done ;;
    long-line) schema; record 1; state 1; printf '{"type":"RECORD","stream":"licences","record":{"id":"'; yes aaaaaaaaaaaaaaaa | tr -d '\n' ;;
    endless) schema; yes "$(record 1)" ;;
    chatty) schema; record 1; yes 'WARN this goes on and on' >&2 ;;
    bad-record) schema; echo '{"type":"RECORD","stream":"licences","record":{"id":"1","no":"1","zt":"1","zt":"2"}}'; record 2
        echo '{"type":"RECORD","stream":"licences","record":{"id":"3","no":"3","zt":"new"}}'; state 3 ;;
    version) schema; record 1; echo '{"type":"ACTIVATE_VERSION","stream":"licences","version":17}'; state 1 ;;
    version-2) schema; record 1; echo '{"type":"ACTIVATE_VERSION","stream":"licences","version":18}'; state 2 ;;
    batch) schema; printf '{"id":"1","no":"1","zt":"1"}\n{"id":"2","no":"2","zt":"1"}\n' >b.jsonl
        echo "{\"type\":\"BATCH\",\"stream\":\"licences\",\"encoding\":{\"format\":\"jsonl\"},\"manifest\":[\"file://$(pwd)/b.jsonl\"]}"; state 2 ;;
    batch-gzip) schema; printf '{"id":"1","no":"1","zt":"1"}\n{"id":"2","no":"2","zt":"1"}\n' | gzip >b.jsonl.gz
        echo "{\"type\":\"BATCH\",\"stream\":\"licences\",\"encoding\":{\"format\":\"jsonl\",\"compression\":\"gzip\"},\"manifest\":[\"file://$(pwd)/b.jsonl.gz\"]}"; state 2 ;;
    batch-torn) schema; awk 'BEGIN { for (n = 1; n <= 3000; n++) printf "{\"id\":\"%d\",\"no\":\"%d\",\"zt\":\"1\"}\n", n, n }' | gzip >whole.gz
        head -c "$(($(wc -c <whole.gz) / 2))" whole.gz >b.jsonl.gz
        printf '%s\n' "{\"type\":\"BATCH\",\"stream\":\"licences\",\"encoding\":{\"format\":\"jsonl\",\"compression\":\"gzip\"},\"manifest\":[\"file://$(pwd)/b.jsonl.gz\"]}" "$(state 2)" ;;
    batch-flood) schema; awk 'BEGIN { for (n = 1; n <= 100; n++) printf "{\"id\":\"%d\",\"no\":\"%d\",\"zt\":\"1\"}\n", n, n }' >b.jsonl
        echo "{\"type\":\"BATCH\",\"stream\":\"licences\",\"encoding\":{\"format\":\"jsonl\"},\"manifest\":[$(awk 'BEGIN { for (n = 1; n < 500; n++) printf "\"b.jsonl\","; printf "\"b.jsonl\"" }')]}"; state 2 ;;
    batch-outside) schema; ln -s /etc/passwd inside.jsonl
        echo "{\"type\":\"BATCH\",\"stream\":\"licences\",\"encoding\":{\"format\":\"jsonl\"},\"manifest\":[\"file://$(pwd)/inside.jsonl\"]}"; state 2 ;;
    big-state) schema; record 1; echo "{\"type\":\"STATE\",\"value\":\"$(printf %05000d 0)\"}" ;;
    other-stream) echo '{"type":"SCHEMA","stream":"others","schema":{}}'; state 1 ;;
    silent) ;;
esac

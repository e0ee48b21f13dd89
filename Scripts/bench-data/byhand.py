# SPDX-License-Identifier: Apache-2.0
"""What one would write by hand for one source: fetch a page, parse, rename, upsert into SQLite, commit, next page.

usage: byhand.py json|xml ADDRESS DATABASE

It does less than the gateway: no versions, no change feed, no quarantine, no payload digests, no keyed holder index, no
look-up by holder or number, no resume, no limits. It is the floor a bureau would compare us with, not an equal.
"""
import sqlite3
import sys

import orjson
import requests
from lxml import etree

FIELDS = {
    "licenseId": "identifier", "licenseTypeCode": "type", "licenseNo": "number", "holderName": "holder_name",
    "holderIdType": "holder_kind", "holderId": "holder_code", "issuerName": "authority", "issuerCode": "authority_code",
    "issueDate": "issued_on", "validFrom": "valid_from", "validTo": "valid_until", "status": "status",
    "areaCode": "region", "version": "version", "address": "address", "scope": "scope", "remark": "remark",
    "checkCode": "check_code", "updateTime": "updated_at",
}
DATES = {"issueDate", "validFrom", "validTo"}


def clean(name, value):
    if name in DATES:
        return None if value in ("", "99991231") else f"{value[:4]}-{value[4:6]}-{value[6:]}"
    if name == "holderId":
        return value.upper()
    return value.strip() or None


def read_json(body):
    data = orjson.loads(body)["data"]
    return data["list"], data["hasNext"]


def read_xml(body):
    data = etree.fromstring(body).find("data")
    records = [{field.tag: field.text or "" for field in record} for record in data.find("list")]
    return records, data.findtext("hasNext") == "true"


def main(kind, address, database):
    columns = list(FIELDS.values())
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("pragma journal_mode = wal")
    store.execute("pragma synchronous = normal")
    store.execute(f"create table if not exists licence ({', '.join(columns)}, primary key (identifier))")
    upsert = (f"insert into licence values ({', '.join('?' * len(columns))}) on conflict (identifier) do update set "
              + ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
              + " where excluded.updated_at > licence.updated_at")
    session = requests.Session()
    read = {"json": read_json, "xml": read_xml}[kind]
    page, count, more = 0, 0, True
    while more:
        page += 1
        answer = session.get(address, params={"page": page}, timeout=30)
        answer.raise_for_status()
        records, more = read(answer.content)
        store.execute("begin")
        store.executemany(upsert, [tuple(clean(name, record[name]) for name in FIELDS) for record in records])
        store.execute("commit")
        count += len(records)
    print(count)


if __name__ == "__main__":
    main(*sys.argv[1:])

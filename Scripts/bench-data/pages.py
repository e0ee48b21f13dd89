# SPDX-License-Identifier: Apache-2.0
"""A licence source on disk: pages of made-up records in JSON and XML, the same for the same seed.

usage: pages.py FOLDER RECORDS PAGE_SIZE SEED

Two states are written: `first`, and `second`, in which one record of a hundred has a new status, version and time.
Names, numbers and offices are made up; the resident numbers have right check digits and lower-case x, as met in the field.
"""
import json
import pathlib
import random
import sys
from xml.sax.saxutils import escape

TYPES = [f"11100000000013338W{number:03d}" for number in range(301)]
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英文辉建国志红玉兰"
OFFICES = ("市场监督管理局 公安局 卫生健康委员会 住房和城乡建设局 民政局 人力资源和社会保障局 自然资源和规划局 "
           "交通运输局 教育局 农业农村局 应急管理局").split()
DISTRICTS = {"430102": "芙蓉区", "430103": "天心区", "430104": "岳麓区", "430105": "开福区", "430111": "雨花区",
             "430112": "望城区", "430121": "长沙县"}
WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]


def with_check_digit(digits):
    return digits + "10x98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS)) % 11]


def make(index, chance):
    region = list(DISTRICTS)[index % len(DISTRICTS)]
    kind = index % len(TYPES)
    year = chance.randrange(2008, 2024)
    issued = f"{year}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    until = chance.choices([f"{year + 10}{issued[4:]}", "99991231", ""], [6, 3, 1])[0]
    born = f"{chance.randrange(1950, 2006)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    district = DISTRICTS[region]
    return {
        "licenseId": f"1.2.156.3005.2.11{region}.{kind:04d}.{index:09d}",
        "licenseTypeCode": TYPES[kind],
        "licenseNo": f"湘{district[0]}证字[{year}]第{index:07d}号",
        "holderName": chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=2)),
        "holderIdType": "111",
        "holderId": with_check_digit(f"{region}{born}{chance.randrange(1000):03d}"),
        "issuerName": f"长沙市{district}{OFFICES[kind % len(OFFICES)]}",
        "issuerCode": f"11{region}00{kind:07d}",
        "issueDate": issued, "validFrom": issued, "validTo": until,
        "status": "1", "areaCode": region, "version": "1",
        "address": f"湖南省长沙市{district}{''.join(chance.choices(GIVEN, k=2))}路{chance.randrange(1, 1000)}号",
        "scope": f"一般项目 & <许可>{chance.randrange(1, 100)}",
        "remark": chance.choice(["", "数据汇聚"]),
        "checkCode": f"{chance.getrandbits(32):08X}",
        "updateTime": moment(2024, chance),
    }


def moment(year, chance):
    return (f"{year}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d} "
            f"{chance.randrange(24):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}")


def as_json(rows, page, total, more):
    data = {"page": page, "pageSize": len(rows), "total": total, "hasNext": more, "list": rows}
    return json.dumps({"code": 0, "msg": "ok", "data": data}, ensure_ascii=False, separators=(",", ":"))


def as_xml(rows, page, total, more):
    records = "".join(
        "<licence>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in row.items()) + "</licence>"
        for row in rows)
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<response><code>0</code><msg>ok</msg><data><page>{page}</page>'
            f"<pageSize>{len(rows)}</pageSize><total>{total}</total><hasNext>{str(more).lower()}</hasNext>"
            f"<list>{records}</list></data></response>")


def write(folder, records, size):
    for start in range(0, len(records), size):
        rows = records[start:start + size]
        page = start // size + 1
        more = start + size < len(records)
        for name, text in (("json", as_json), ("xml", as_xml)):
            target = folder / name / f"p{page}.{name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text(rows, page, len(records), more), encoding="utf-8")


def generate(folder, count, size, seed):
    chance = random.Random(seed)
    records = [make(index, chance) for index in range(count)]
    write(folder / "first", records, size)
    for index in chance.sample(range(count), count // 100):
        records[index] |= {"status": "2", "version": "2", "updateTime": moment(2025, chance)}
    write(folder / "second", records, size)
    with open(folder / "licence-types.csv", "w", encoding="utf-8") as register:
        register.write("type_code,name_zh,name_en\n")
        register.writelines(f"{code},测试证照{number:03d},bench licence {number:03d}\n" for number, code in enumerate(TYPES))


if __name__ == "__main__":
    generate(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5]))

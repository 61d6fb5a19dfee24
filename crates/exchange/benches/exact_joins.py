"""Times pandas, Polars or DuckDB on the files of the benchmark `matching`: reading both files and doing only the
exact joins of passes 1 and 2. Usage: exact_joins.py pandas|polars|duckdb LEFT RIGHT
Prints the best seconds and processor seconds of five runs, the peak of memory in MB, and the joined rows."""

import resource
import sys
import time

KEY = ["订单编号", "订单明细编号"]
GOODS = ["医保编码", "批号", "数量", "配送企业"]


def by_pandas(left, right):
    import pandas

    text = {column: str for column in KEY + GOODS[:2]}
    a = pandas.read_csv(left, dtype=text).reset_index()
    b = pandas.read_csv(right, dtype=text).reset_index()
    first = a.dropna(subset=KEY).merge(b.dropna(subset=KEY), on=KEY, suffixes=("", "_right"))
    a = a[~a["index"].isin(first["index"])]
    b = b[~b["index"].isin(first["index_right"])]
    return len(first) + len(a.merge(b, on=GOODS))


def by_polars(left, right):
    import polars

    text = {column: polars.String for column in KEY + GOODS[:2]}
    a = polars.read_csv(left, schema_overrides=text).with_row_index()
    b = polars.read_csv(right, schema_overrides=text).with_row_index()
    first = a.drop_nulls(KEY).join(b.drop_nulls(KEY), on=KEY, suffix="_right")
    a = a.join(first, on="index", how="anti")
    b = b.join(first, left_on="index", right_on="index_right", how="anti")
    return first.height + a.join(b, on=GOODS).height


def by_duckdb(left, right):
    import duckdb

    with duckdb.connect() as db:
        for name, path in (("a", left), ("b", right)):
            db.execute(f"create table {name} as select row_number() over () as line, * from read_csv('{path}', all_varchar=true)")
        db.execute("create table first as select a.line as l, b.line as r from a join b using (订单编号, 订单明细编号)")
        db.execute(
            "create table second as select a.line as l, b.line as r from a join b using (医保编码, 批号, 数量, 配送企业)"
            " where a.line not in (select l from first) and b.line not in (select r from first)"
        )
        return db.execute("select (select count(*) from first) + (select count(*) from second)").fetchone()[0]


engine = {"pandas": by_pandas, "polars": by_polars, "duckdb": by_duckdb}[sys.argv[1]]
seconds, processor = [], []
for _ in range(5):
    before, start = time.process_time(), time.perf_counter()
    joined = engine(*sys.argv[2:4])
    seconds.append(time.perf_counter() - start)
    processor.append(time.process_time() - before)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(min(seconds), min(processor), peak, joined, "joined rows")

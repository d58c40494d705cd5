"""Diagnoses logs on a Spark cluster and prints one merged report:  spark-submit ahdiag_spark.py hdfs:///logs/error_log*

Each partition is a shard: its lines go to one ahdiag, which answers with its report on one line. The reports are merged
on the workers, a few at a time. Every worker has to have ahdiag in its PATH; options for it, such as --platform rhel,
come in AHDIAG_OPTIONS.
"""
import os
import sys

MAP = f"ahdiag --format json --compact --fail-on never {os.environ.get('AHDIAG_OPTIONS', '')}"
REDUCE = "ahdiag merge --compact --fail-on never"
AT_ONCE = 16  # reports that one process merges


def merged(lines):
    """An RDD of one line, from one of lines of logs."""
    reports = lines.pipe(MAP, checkCode=True)
    while reports.getNumPartitions() > 1:
        reports = reports.coalesce(-(-reports.getNumPartitions() // AT_ONCE)).pipe(REDUCE, checkCode=True)
    return reports


def main(paths):
    from pyspark import SparkContext
    with SparkContext(appName="ahdiag") as context:
        print(merged(context.textFile(",".join(paths))).collect()[0])


if __name__ == "__main__":
    main(sys.argv[1:])

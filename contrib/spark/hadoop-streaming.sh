#!/bin/sh
# Diagnoses logs with Hadoop Streaming: hadoop-streaming.sh INPUT OUTPUT (folders of HDFS). OUTPUT gets one merged report.
# Every node has to have ahdiag in its PATH.
set -eu

if [ "$#" -ne 2 ]; then
  echo "usage: $0 INPUT OUTPUT" >&2
  exit 2
fi
hadoop jar "${HADOOP_STREAMING_JAR:-$HADOOP_HOME/share/hadoop/tools/lib/hadoop-streaming.jar}" \
  -D mapreduce.job.name=ahdiag -D mapreduce.job.reduces=1 \
  -input "$1" -output "$2" \
  -mapper "ahdiag --format json --compact --fail-on never" \
  -reducer "ahdiag merge --compact --fail-on never"

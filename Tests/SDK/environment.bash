#!/usr/bin/env bash
# make_environment FOLDER IMPORTS WHAT PACKAGES…: a virtual environment with the packages from PyPI. Where PyPI
# is out of reach, says that WHAT is skipped and ends the script with 0.
make_environment() {
  local folder=$1 imports=$2 what=$3
  shift 3
  ! "$folder/bin/python" -c "$imports" 2>/dev/null || return 0
  rm -rf "$folder"
  python3 -m venv "$folder"
  if ! "$folder/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 20 "$@" >"$folder/log" 2>&1; then
    if grep -qiE 'connection|resolve|timed out|unreachable|proxy|no matching distribution' "$folder/log"; then
      echo "SKIPPED: $what. PyPI is out of reach: $(tail -n 1 "$folder/log")"
      rm -rf "$folder"
      exit 0
    fi
    cat "$folder/log" >&2
    exit 1
  fi
}

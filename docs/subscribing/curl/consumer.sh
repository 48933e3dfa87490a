#!/usr/bin/env bash
# Follows everything that happens to accounts, over Server-Sent Events, and goes on where it
# was whenever it or the server was away. The API key is in SLEUTELBOS_API_KEY:
#
#   consumer.sh http://localhost:8080 accounts.jsonl accounts.checkpoint
set -euo pipefail
if [ $# -ne 3 ]; then
	echo 'usage: consumer.sh <address> <file to write to> <checkpoint file>' >&2
	exit 2
fi
url=$1 out=$2 checkpoint=$3

# The key goes in by a pipe: what stands on a command line, everybody on the machine can read.
events() {
	printf 'header = "Authorization: Bearer %s"\n' "$SLEUTELBOS_API_KEY" |
		curl --config - --silent --show-error --fail --no-buffer --max-time 3600 \
			--header "Last-Event-ID: $(cat "$checkpoint" 2>/dev/null || echo 0)" \
			"$url/api/v1/events?types=account.*"
}

while true; do
	id='' data=''
	while IFS= read -r line; do
		case $line in
		'id: '*) id=${line#id: } ;;
		'data: '*) data=${line#data: } ;;
		'') # the message is complete
			# First the work, then the checkpoint: after a crash in between, the event comes
			# again. Make the work harmless when done twice.
			if [ -n "$data" ]; then printf '%s\n' "$data" >>"$out"; fi
			# A message with an id alone says how far the feed is with events that are not ours.
			if [ -n "$id" ]; then printf '%s\n' "$id" >"$checkpoint.new" && mv "$checkpoint.new" "$checkpoint"; fi
			id='' data=''
			;;
		esac
	done < <(events)
	echo 'the feed ended, trying again' >&2
	sleep 1
done

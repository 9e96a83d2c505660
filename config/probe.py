"""`python -m config.probe URL`: exit 0 when the address answers with success; for health checks in containers.

Speaks as the proxy would: the site's own name, over https.
"""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 6


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    headers = {"Host": host, "X-Forwarded-Proto": "https", "Accept": "text/plain"}
    request = urllib.request.Request(sys.argv[1], headers=headers)  # noqa: S310 — the address is the caller's own
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 — same
            sys.stdout.write(answer.read(2000).decode())
    except urllib.error.HTTPError as refusal:
        sys.stdout.write(refusal.read(2000).decode())
        return 1
    except OSError as problem:
        sys.stdout.write(f"no answer: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

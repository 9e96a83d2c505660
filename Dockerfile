# syntax=docker/dockerfile:1
# Two stages: the environment is built with uv, the image that runs has no build tool and no right to write to itself.
FROM python:3.11-slim-bookworm AS environment
RUN pip install --no-cache-dir 'uv>=0.9,<1'
COPY requirements.lock /build/requirements.lock
RUN uv venv --python /usr/local/bin/python3.11 /srv/environment \
    && uv pip sync --require-hashes --compile-bytecode --python /srv/environment/bin/python /build/requirements.lock

FROM python:3.11-slim-bookworm
# Pango and HarfBuzz draw the papers; libmagic tells files by their content. fonts-liberation2, not fonts-liberation:
# version 1 lacks Vietnamese letters.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 fonts-liberation2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /srv/thidua --shell /usr/sbin/nologin thidua \
    && install -d -o thidua -g thidua -m 0700 /srv/thidua/media
COPY --from=environment /srv/environment /srv/environment
ENV PATH=/srv/environment/bin:$PATH PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp/cache \
    STATIC_ROOT=/srv/app/staticfiles THIDUA_HOME=/srv/thidua
WORKDIR /srv/app
COPY --chown=root:root manage.py ./
COPY --chown=root:root config config
COPY --chown=root:root formats formats
COPY --chown=root:root static static
COPY --chown=root:root units units
COPY --chown=root:root campaigns campaigns
COPY --chown=root:root exemplars exemplars
COPY --chown=root:root awards awards
COPY --chown=root:root reports reports
# Static files belong to the image: they change with the code and with nothing else.
RUN SECRET_KEY=only-for-this-step python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .
USER thidua
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--no-control-socket"]

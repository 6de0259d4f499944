"""What developers meet on a port: products and tools by their default port.

The registry answers who reserved a number, which is seldom what runs there:
3000 is not a banking protocol on anyone's laptop, and 5173 belongs to nobody.
This table says what does run there, from the product's own documentation. It
claims a default, never that the product is there: a port can be set.

The table is text because it is read and edited by people: a row is a port or a
range, name, description and marks, then a line with the source. Marks are the
systems a row is limited to, and ``contested``.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

_CONTESTED = "contested"


class Use(NamedTuple):
    """One product or tool that takes a port by default."""

    name: str
    description: str
    """What it serves there; no capital, no full stop."""
    source: str
    """The documentation that states the default: an address, or a manual page."""
    systems: tuple[str, ...] = ()
    """The operating systems it is limited to, by name; empty for any."""
    contested: bool = False
    """True if others often find the port taken by this: the system itself
    holds it, or widespread products without a common purpose default to it."""

    def to_dict(self) -> dict[str, object]:
        """The use as the JSON contract has it."""
        return {
            "name": self.name,
            "description": self.description,
            "source": self.source,
            "systems": list(self.systems),
            "contested": self.contested,
        }


def on_port(number: int) -> tuple[Use, ...]:
    """Return the uses of port *number*, in the table's order; empty if none is known."""
    found = _uses.get(number)
    if found is None:
        found = tuple(_use(row) for row in _rows_by_port().get(number, ()))
        if found:  # of the few ports that the table has; none is made twice
            _uses[number] = found
    return found


def all_uses() -> tuple[tuple[int, int, Use], ...]:
    """Return (first port, last port, use) of every row, by first port."""
    return tuple((*_ports(row), _use(row)) for row in _table_rows())


def _table_rows() -> list[tuple[str, str]]:
    """Each row of the table with the source in the line after it."""
    lines = TABLE.strip().splitlines()
    return list(zip(lines[::2], lines[1::2], strict=True))


def _rows_by_port() -> dict[int, list[tuple[str, str]]]:
    """The rows of each port, found once; most ports have none, and few rows are ever read."""
    if not _by_port:
        for row in _table_rows():
            first, last = _ports(row)
            for number in range(first, last + 1):
                _by_port.setdefault(number, []).append(row)
    return _by_port


def _ports(row: tuple[str, str]) -> tuple[int, int]:
    first, _, last = row[0].partition(" | ")[0].partition("-")
    return int(first), int(last or first)


def _use(row: tuple[str, str]) -> Use:
    fields, source = row
    _, name, description, *marked = fields.split(" | ")
    marks = "".join(marked).split()
    systems = tuple(mark for mark in marks if mark != _CONTESTED)
    return Use(name, description, source.strip(), systems, _CONTESTED in marks)


_by_port: dict[int, list[tuple[str, str]]] = {}
_uses: dict[int, tuple[Use, ...]] = {}

# Compiled 2026-11. A row leaves when its product's documentation no longer
# gives the port. Left out, though often listed, because no primary source
# states it: Spotify on 57621, Express on 3000 (its examples choose it).
TABLE = """
53 | systemd-resolved | DNS stub of the system, on 127.0.0.53 and 127.0.0.54 | linux contested
    man systemd-resolved.service(8), resolved.conf(5) DNSStubListener
631 | CUPS | printing, and its web interface | linux macos
    man cupsd.conf(5), https://www.cups.org/doc/man-cupsd.conf.html
1025 | Mailpit, MailHog | SMTP that catches mail in development
    https://mailpit.axllent.org/docs/configuration/runtime-options/
1080 | MailCatcher | web interface for the mail it caught
    https://mailcatcher.me/
1234 | LM Studio | API of the local model server
    https://lmstudio.ai/docs/developer/openai-compat
1313 | Hugo | development server, hugo server
    https://gohugo.io/commands/hugo_server/
1337 | Strapi | server and admin panel
    https://docs.strapi.io/cms/configurations/server
1433 | Microsoft SQL Server | database, default instance
    https://learn.microsoft.com/sql/database-engine/configure-windows/default-sql-server-network-protocol-configuration
1521 | Oracle Database | Oracle Net listener
    https://docs.oracle.com/en/database/oracle/oracle-database/19/ntcli/index.html
2019 | Caddy | administration API, on localhost
    https://caddyserver.com/docs/api
2181 | Apache ZooKeeper | clients
    https://zookeeper.apache.org/doc/current/zookeeperStarted.html
2375 | Docker | engine API without TLS
    https://docs.docker.com/reference/cli/dockerd/
2376 | Docker | engine API with TLS
    https://docs.docker.com/engine/security/protect-access/
2379 | etcd | clients
    https://etcd.io/docs/latest/op-guide/configuration/
2380 | etcd | peers
    https://etcd.io/docs/latest/op-guide/configuration/
3000 | Next.js | development server, next dev | contested
    https://nextjs.org/docs/app/api-reference/cli/next
3000 | Ruby on Rails | development server, bin/rails server | contested
    https://guides.rubyonrails.org/command_line.html
3000 | Grafana | web interface | contested
    https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
3000 | Create React App | development server, npm start | contested
    https://create-react-app.dev/docs/advanced-configuration/
3000 | Gitea, Forgejo | web interface | contested
    https://docs.gitea.com/administration/config-cheat-sheet
3001 | Browsersync | its own settings page, beside the site on 3000
    https://browsersync.io/docs/options
3100 | Grafana Loki | HTTP API
    https://grafana.com/docs/loki/latest/configure/
3306 | MySQL, MariaDB | database
    https://dev.mysql.com/doc/mysql-port-reference/en/mysql-port-reference-tables.html
4000 | Phoenix | development server, mix phx.server
    https://hexdocs.pm/phoenix/up_and_running.html
4000 | Jekyll | development server, jekyll serve
    https://jekyllrb.com/docs/configuration/options/
4000 | Apollo Server | GraphQL, standalone server
    https://www.apollographql.com/docs/apollo-server/api/standalone
4000 | Firebase Emulator Suite | web interface of the emulators
    https://firebase.google.com/docs/emulator-suite/install_and_configure
4040 | ngrok | web inspection interface of the agent, on 127.0.0.1
    https://ngrok.com/docs/agent/web-inspection-interface/
4040 | Apache Spark | web interface of a running application
    https://spark.apache.org/docs/latest/monitoring.html
4173 | Vite | preview of a build, vite preview
    https://vite.dev/config/preview-options
4200 | Angular CLI | development server, ng serve
    https://angular.dev/cli/serve
4222 | NATS | clients
    https://docs.nats.io/running-a-nats-service/configuration
4317 | OpenTelemetry | OTLP over gRPC
    https://opentelemetry.io/docs/specs/otlp/
4318 | OpenTelemetry | OTLP over HTTP
    https://opentelemetry.io/docs/specs/otlp/
4321 | Astro | development server, astro dev
    https://docs.astro.build/en/reference/configuration-reference/
4444 | Selenium | Grid and standalone server
    https://www.selenium.dev/documentation/grid/getting_started/
4444 | geckodriver | WebDriver for Firefox
    https://firefox-source-docs.mozilla.org/testing/geckodriver/Flags.html
4566 | LocalStack | edge for every emulated AWS service
    https://docs.localstack.cloud/references/external-ports/
4567 | Sinatra | development server
    https://sinatrarb.com/intro.html
5000 | AirPlay Receiver | Control Center of macOS 12 and later | macos contested
    https://developer.apple.com/forums/thread/682332
5000 | Flask | development server, flask run
    https://flask.palletsprojects.com/en/stable/server/
5000 | ASP.NET Core | Kestrel, where no address is configured
    https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
5000 | Docker Registry | image registry
    https://distribution.github.io/distribution/about/configuration/
5001 | IPFS Kubo | RPC API, on 127.0.0.1
    https://docs.ipfs.tech/reference/kubo/rpc/
5005 | Java debugger | JDWP, by convention of Gradle and IntelliJ IDEA
    https://docs.gradle.org/current/userguide/java_testing.html
5037 | adb | server of the Android Debug Bridge
    https://developer.android.com/tools/adb
5173 | Vite | development server, vite dev
    https://vite.dev/config/server-options
5174 | Vite | development server, where 5173 is taken
    https://vite.dev/config/server-options
5353 | Multicast DNS | name service of the local network (UDP), in most systems | contested
    RFC 6762 §3
5432 | PostgreSQL | database
    https://www.postgresql.org/docs/current/runtime-config-connection.html
5500 | Live Server | preview of an HTML page from Visual Studio Code
    https://github.com/ritwickdey/vscode-live-server/blob/master/docs/settings.md
5554-5585 | Android Emulator | console on even ports, adb on odd ones
    https://developer.android.com/tools/adb
5555 | adb | debugging over the network, adb tcpip 5555
    https://developer.android.com/tools/adb
5555 | Prisma Studio | database browser (7.x may choose 51212)
    https://www.prisma.io/docs/cli/studio
5555 | Celery Flower | web interface
    https://flower.readthedocs.io/en/latest/config.html
5601 | Kibana | web interface
    https://www.elastic.co/docs/reference/kibana/configuration-reference/general-settings
5671 | RabbitMQ | AMQP over TLS
    https://www.rabbitmq.com/docs/networking
5672 | RabbitMQ | AMQP
    https://www.rabbitmq.com/docs/networking
5678 | debugpy | Python debugger, as Visual Studio Code configures it
    https://code.visualstudio.com/docs/python/debugging
5678 | n8n | web interface
    https://docs.n8n.io/hosting/configuration/environment-variables/deployment/
5858 | Node.js | debugger of versions before 8
    https://nodejs.org/en/learn/getting-started/debugging
6006 | Storybook | development server, storybook dev
    https://storybook.js.org/docs/api/cli-options
6006 | TensorBoard | web interface
    https://www.tensorflow.org/tensorboard/get_started
6060 | Go net/http/pprof | profiles, by the convention of its documentation
    https://pkg.go.dev/net/http/pprof
6333 | Qdrant | REST API and web interface
    https://qdrant.tech/documentation/guides/configuration/
6379 | Redis, Valkey | data store
    https://redis.io/docs/latest/operate/oss_and_stack/management/config/
6443 | Kubernetes | API server
    https://kubernetes.io/docs/reference/networking/ports-and-protocols/
6463-6472 | Discord | RPC server of the desktop client, on 127.0.0.1
    https://docs.discord.com/developers/topics/rpc
7000 | AirPlay Receiver | Control Center of macOS 12 and later | macos contested
    https://developer.apple.com/forums/thread/682332
7000 | Apache Cassandra | traffic between nodes
    https://cassandra.apache.org/doc/latest/cassandra/faq/index.html
7474 | Neo4j | HTTP and browser interface
    https://neo4j.com/docs/operations-manual/current/configuration/ports/
7680 | Delivery Optimization | updates shared with other machines | windows
    https://learn.microsoft.com/windows/deployment/do/waas-delivery-optimization-faq
7687 | Neo4j | Bolt
    https://neo4j.com/docs/operations-manual/current/configuration/ports/
7700 | Meilisearch | HTTP API
    https://www.meilisearch.com/docs/learn/self_hosted/configure_meilisearch_at_launch
7860 | Gradio | web interface of a demo
    https://www.gradio.app/docs/gradio/blocks
8000 | Django | development server, manage.py runserver
    https://docs.djangoproject.com/en/stable/ref/django-admin/
8000 | Python http.server | python -m http.server
    https://docs.python.org/3/library/http.server.html
8000 | Uvicorn, FastAPI | ASGI server
    https://www.uvicorn.org/settings/
8000 | Laravel | development server, php artisan serve
    https://laravel.com/docs/installation
8000 | MkDocs | development server, mkdocs serve
    https://www.mkdocs.org/user-guide/configuration/
8025 | Mailpit, MailHog | web interface for the mail it caught
    https://mailpit.axllent.org/docs/configuration/runtime-options/
8080 | Apache Tomcat | HTTP connector | contested
    https://tomcat.apache.org/tomcat-10.1-doc/setup.html
8080 | Spring Boot | embedded web server | contested
    https://docs.spring.io/spring-boot/how-to/webserver.html
8080 | Jenkins | web interface | contested
    https://www.jenkins.io/doc/book/installing/initial-settings/
8080 | webpack-dev-server | development server | contested
    https://webpack.js.org/configuration/dev-server/
8080 | llama.cpp | API of llama-server | contested
    https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
8081 | Metro | bundler of React Native and Expo
    https://metrobundler.dev/docs/configuration/
8081 | Sonatype Nexus Repository | web interface
    https://help.sonatype.com/en/configuring-the-runtime-environment.html
8086 | InfluxDB | HTTP API
    https://docs.influxdata.com/influxdb/v2/reference/config-options/
8090 | PocketBase | API and dashboard, on 127.0.0.1
    https://pocketbase.io/docs/
8123 | ClickHouse | HTTP interface
    https://clickhouse.com/docs/guides/sre/network-ports
8123 | Home Assistant | web interface
    https://www.home-assistant.io/integrations/http/
8161 | Apache ActiveMQ | web console
    https://activemq.apache.org/components/classic/documentation/web-console
8188 | ComfyUI | web interface, on 127.0.0.1
    https://docs.comfy.org/development/comfyui-server/startup-flags
8200 | HashiCorp Vault | API
    https://developer.hashicorp.com/vault/docs/configuration/listener/tcp
8222 | NATS | monitoring
    https://docs.nats.io/running-a-nats-service/nats_admin/monitoring
8265 | Ray | dashboard
    https://docs.ray.io/en/latest/ray-observability/getting-started.html
8384 | Syncthing | web interface, on 127.0.0.1
    https://docs.syncthing.net/users/config.html
8443 | Apache Tomcat | HTTPS connector of its documentation
    https://tomcat.apache.org/tomcat-10.1-doc/ssl-howto.html
8500 | HashiCorp Consul | HTTP API and web interface
    https://developer.hashicorp.com/consul/docs/reference/architecture/ports
8501 | Streamlit | web interface of an app
    https://docs.streamlit.io/develop/api-reference/configuration/config.toml
8545 | Ethereum development node | JSON-RPC of Hardhat and Anvil
    https://hardhat.org/hardhat-network/docs/overview
8600 | HashiCorp Consul | DNS
    https://developer.hashicorp.com/consul/docs/reference/architecture/ports
8787 | RStudio Server, Posit Workbench | web interface
    https://docs.posit.co/ide/server-pro/access_and_security/network.html
8787 | Wrangler | development server of Cloudflare Workers, wrangler dev
    https://developers.cloudflare.com/workers/wrangler/commands/
8788 | Wrangler | development server of Cloudflare Pages, wrangler pages dev
    https://developers.cloudflare.com/workers/wrangler/commands/
8888 | Jupyter | Notebook and Lab; the next free port where it is taken
    https://jupyter-server.readthedocs.io/en/latest/users/configuration.html
8983 | Apache Solr | HTTP API and admin interface
    https://solr.apache.org/guide/solr/latest/deployment-guide/solr-control-script-reference.html
9000 | PHP-FPM | FastCGI | contested
    https://www.php.net/manual/en/install.fpm.configuration.php
9000 | SonarQube | web interface | contested
    https://docs.sonarsource.com/sonarqube-server/
9000 | MinIO | S3 API | contested
    https://min.io/docs/minio/linux/reference/minio-server/minio-server.html
9000 | ClickHouse | native protocol | contested
    https://clickhouse.com/docs/guides/sre/network-ports
9000 | Xdebug | step debugger of Xdebug 2, listened on by the editor | contested
    https://xdebug.org/docs/upgrade_guide
9001 | Supervisor | web interface, in its documentation
    https://supervisord.org/configuration.html
9003 | Xdebug | step debugger of Xdebug 3, listened on by the editor
    https://xdebug.org/docs/all_settings
9042 | Apache Cassandra | clients, CQL
    https://cassandra.apache.org/doc/latest/cassandra/faq/index.html
9090 | Prometheus | web interface and API
    https://prometheus.io/docs/prometheus/latest/getting_started/
9090 | Cockpit | web console of a Linux server | linux
    https://cockpit-project.org/guide/latest/listen.html
9091 | Prometheus Pushgateway | API
    https://github.com/prometheus/pushgateway
9091 | Transmission | web interface
    https://github.com/transmission/transmission/blob/main/docs/Editing-Configuration-Files.md
9092 | Apache Kafka | clients, PLAINTEXT listener
    https://kafka.apache.org/documentation/
9093 | Prometheus Alertmanager | web interface and API
    https://prometheus.io/docs/alerting/latest/alertmanager/
9099 | Firebase Emulator Suite | Authentication emulator
    https://firebase.google.com/docs/emulator-suite/install_and_configure
9100 | Prometheus node_exporter | metrics of the machine
    https://prometheus.io/docs/guides/node-exporter/
9200 | Elasticsearch, OpenSearch | HTTP API
    https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings
9222 | Chrome DevTools | remote debugging, by the convention of its documentation
    https://chromedevtools.github.io/devtools-protocol/
9229 | Node.js inspector | node --inspect, on 127.0.0.1
    https://nodejs.org/en/learn/getting-started/debugging
9300 | Elasticsearch, OpenSearch | traffic between nodes
    https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings
9411 | Zipkin | API and web interface
    https://zipkin.io/pages/quickstart.html
9418 | Git | git daemon
    man git-daemon(1), https://git-scm.com/docs/git-daemon
9515 | ChromeDriver | WebDriver for Chrome
    https://developer.chrome.com/docs/chromedriver/get-started
10000-10002 | Azurite | emulated Azure Storage: blobs, queues, tables
    https://learn.microsoft.com/azure/storage/common/storage-use-azurite
10250 | Kubernetes | kubelet API
    https://kubernetes.io/docs/reference/networking/ports-and-protocols/
11211 | memcached | cache
    https://docs.memcached.org/
11434 | Ollama | API, on 127.0.0.1
    https://docs.ollama.com/faq
15672 | RabbitMQ | management interface
    https://www.rabbitmq.com/docs/networking
16686 | Jaeger | web interface
    https://www.jaegertracing.io/docs/latest/getting-started/
17500 | Dropbox | LAN sync
    IANA service registry, db-lsp
19000 | Expo CLI | bundler of old versions (today 8081)
    https://github.com/expo/expo-cli
19006 | Expo CLI | web build of old versions, webpack (today 8081)
    https://github.com/expo/expo-cli
24678 | Vite | hot-reload WebSocket in middleware mode
    https://github.com/vitejs/vite/blob/main/packages/vite/src/node/server/ws.ts
25565 | Minecraft Java Edition | game server, server-port in server.properties
    https://help.minecraft.net/hc/en-us/articles/360058525452
26257 | CockroachDB | SQL clients and nodes
    https://www.cockroachlabs.com/docs/stable/cockroach-start
27017 | MongoDB | database
    https://www.mongodb.com/docs/manual/reference/default-mongodb-port/
27036 | Steam | Remote Play
    https://help.steampowered.com/en/faqs/view/2EA8-4D75-DA21-31EB
32400 | Plex Media Server | web interface and clients
    https://support.plex.tv/articles/201543147
35729 | LiveReload | browser refresh during development
    https://github.com/livereload/livereload-js
50000 | Jenkins | inbound agents, in its Docker image
    https://www.jenkins.io/doc/book/installing/docker/
50051 | gRPC | servers of its tutorials
    https://grpc.io/docs/languages/python/quickstart/
51212 | Prisma Studio | database browser
    https://github.com/prisma/orm/blob/7.10.0/packages/cli/src/Studio.ts
51213 | Prisma | local database of prisma dev
    https://github.com/prisma/orm/blob/7.10.0/packages/cli/src/Studio.ts
54321-54324 | Supabase CLI | local stack: API, database, Studio, mail
    https://supabase.com/docs/guides/local-development/cli/config
61616 | Apache ActiveMQ | OpenWire
    https://activemq.apache.org/components/classic/documentation/run-broker
"""

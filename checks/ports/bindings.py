"""Where servers listen by default, and the setting that keeps them on this machine.

The table of development ports (:mod:`checks.ports.uses`) says which tool is met on which port.
This one says, for each of those tools and for the servers that have no port of their own, which
addresses it binds untold and what to set so that only this machine reaches it. Both are told by the
product's own documentation or source code, at the address below the row.

The table is text because it is read and edited by people: a heading opens a group; a row is name,
default, setting and, where there is more to say, a note; the next line is the source, or ``=`` for
the source in the table of ports. A tool without a setting has ``-`` and a note that says why.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator


class Binding(NamedTuple):
    """How one server is kept on this machine."""

    name: str
    """The server, as :class:`checks.ports.uses.Use` names it where it is in that table."""
    group: str
    """What kind of server it is: the heading of its group."""
    default: str
    """Where it listens untold: ``this machine``, ``all``, what decides, or ``not verified``."""
    setting: str
    """What to write so that it binds a loopback address; "" where there is no such setting."""
    note: str
    """Where to write it, what else opens it, or why there is no setting; "" for nothing."""
    source: str
    """The documentation that says so."""


def all_bindings() -> tuple[Binding, ...]:
    """Return every row, in the table's order."""
    if not _rows:
        _rows.extend(_read())
    return tuple(_rows)


def of(product: str) -> Binding | None:
    """Return the row of a product, as a server names itself; None where there is none.

    Case does not matter, and a row may name several products.
    """
    wanted = _CALLED.get(product.lower(), product).lower()
    for row in all_bindings():
        if wanted in row.name.lower().split(", "):
            return row
    return None


_CALLED = {"apache": "Apache HTTP Server", "jupyter server": "Jupyter", "werkzeug": "Flask"}
"""Products that are known by another name than the server that people start."""

_rows: list[Binding] = []


def _read() -> Iterator[Binding]:
    from checks.ports.uses import all_uses  # noqa: PLC0415 - 0.3 ms, where asked

    sources: dict[str, str] = {}
    for _, _, use in all_uses():
        sources.setdefault(use.name, use.source)
    group = ""
    lines = iter(TABLE.strip().splitlines())
    for line in lines:
        if line.startswith("# "):
            group = line[2:]
            continue
        name, default, setting, *note = (field.strip() for field in line.split(" | "))
        source = next(lines).strip()
        if source == "=":
            source = sources[name]
        setting = "" if setting == "-" else setting
        yield Binding(name, group, default, setting, "".join(note), source)


# Checked 2026-11 against the page or the source file below each row; "not verified" is written
# where none was found. Quoted by others or read in an older edition, but not opened at that
# address: Elasticsearch, Kafka, Cassandra, ClickHouse, Go, kube-apiserver, geckodriver, adb, the
# emulator, ngrok, RStudio. Not opened at all: pprof, multicast DNS, AirPlay's default. Started
# without an address and seen in the socket table as well (Linux): Node's server.listen(), Python's
# http.server, git daemon, memcached, Redis without redis.conf, MariaDB without option files, nginx
# with a bare port, Flask, Uvicorn, MkDocs, Java's debugger, Chromium's --remote-debugging-port.
TABLE = r"""
# Web frameworks and development servers
Next.js | all | next dev -H 127.0.0.1
    https://nextjs.org/docs/app/api-reference/cli/next
Vite | this machine | vite --host 127.0.0.1 | `--host` alone opens every address
    https://vite.dev/config/server-options
Astro | this machine | astro dev --host 127.0.0.1
    https://docs.astro.build/en/reference/configuration-reference/
Angular CLI | this machine | ng serve --host 127.0.0.1
    https://github.com/angular/angular-cli/blob/main/packages/angular/build/src/builders/dev-server/schema.json
webpack-dev-server | all | devServer: { host: "127.0.0.1" } | `allowedHosts` stays at "auto"
    https://webpack.js.org/configuration/dev-server/
Create React App | all | HOST=127.0.0.1 npm start
    https://create-react-app.dev/docs/advanced-configuration/
Storybook | this machine since 10.6 | storybook dev --host 127.0.0.1 | before 10.6: every address
    https://storybook.js.org/docs/api/cli-options
Browsersync | all | listen: "127.0.0.1"
    https://browsersync.io/docs/options
LiveReload | this machine | livereload --bind localhost
    https://github.com/napcs/node-livereload
Live Server | this machine | "liveServer.settings.host": "127.0.0.1"
    https://github.com/ritwickdey/vscode-live-server/blob/master/docs/settings.md
Metro | all | npx react-native start --host 127.0.0.1
    https://github.com/facebook/react-native/blob/main/packages/community-cli-plugin/src/commands/start/index.js
Expo CLI | all | - | of old versions; today Metro serves the bundle
    https://github.com/expo/expo-cli/blob/main/packages/xdl/src/webpack-utils/WebpackEnvironment.ts
Wrangler | this machine | wrangler dev --ip 127.0.0.1
    https://github.com/cloudflare/workers-sdk/blob/main/packages/workers-utils/src/config/validation.ts
Node server.listen() | all | server.listen(3000, "127.0.0.1")
    https://nodejs.org/api/net.html#serverlistenport-host-backlog-callback
Express | all | app.listen(3000, "127.0.0.1")
    https://expressjs.com/en/5x/api.html
Strapi | all in a new project | HOST=127.0.0.1 npm run develop | config/server reads `HOST`
    https://docs.strapi.io/cms/configurations/server
Apollo Server | all | listen: { host: "127.0.0.1", port: 4000 }
    https://www.apollographql.com/docs/apollo-server/api/standalone
Flask | this machine | flask run --host 127.0.0.1
    https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run
Django | this machine | python manage.py runserver 127.0.0.1:8000
    https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver
Uvicorn, FastAPI | this machine | uvicorn --host 127.0.0.1 app:app | `fastapi run`: every address
    https://www.uvicorn.org/settings/
FastAPI run | all | fastapi run --host 127.0.0.1
    https://fastapi.tiangolo.com/fastapi-cli/
Gunicorn | this machine | gunicorn --bind 127.0.0.1:8000 app:app | if `PORT` is set: every address
    https://docs.gunicorn.org/en/stable/settings.html#bind
Python http.server | all | python3 -m http.server --bind 127.0.0.1
    https://docs.python.org/3/library/http.server.html
MkDocs | this machine | mkdocs serve -a 127.0.0.1:8000
    https://www.mkdocs.org/user-guide/configuration/
Hugo | this machine | hugo server --bind 127.0.0.1
    https://gohugo.io/commands/hugo_server/
Jekyll | this machine | jekyll serve --host 127.0.0.1
    https://jekyllrb.com/docs/configuration/options/
Ruby on Rails | this machine in development | bin/rails server -b 127.0.0.1 | else every address
    https://github.com/rails/rails/blob/main/railties/lib/rails/commands/server/server_command.rb
Sinatra | this machine in development | set :bind, "127.0.0.1" | else every address
    https://sinatrarb.com/configuration.html
Phoenix | this machine in development | http: [ip: {127, 0, 0, 1}] | made in a container: all
    https://github.com/phoenixframework/phoenix/blob/main/installer/templates/phx_single/config/dev.exs.eex
Laravel | this machine | php artisan serve --host=127.0.0.1
    https://github.com/laravel/framework/blob/12.x/src/Illuminate/Foundation/Console/ServeCommand.php
PHP, built-in server | as given | php -S 127.0.0.1:8000 | `0.0.0.0:8000` opens every address
    https://www.php.net/manual/en/features.commandline.webserver.php
Spring Boot | all | server.address=127.0.0.1 | in application.properties
    https://docs.spring.io/spring-boot/appendix/application-properties/
ASP.NET Core | this machine | dotnet run --urls http://127.0.0.1:5000
    https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
Go net/http | all for ":8080" | http.ListenAndServe("127.0.0.1:8080", nil)
    https://pkg.go.dev/net#Listen
gRPC | as given | server.add_insecure_port("127.0.0.1:50051") | the tutorials use `[::]`
    https://grpc.io/docs/languages/python/basics/
PocketBase | this machine | pocketbase serve --http=127.0.0.1:8090
    https://pocketbase.io/docs/
Firebase Emulator Suite | this machine | "host": "127.0.0.1" | for each emulator in firebase.json
    https://github.com/firebase/firebase-tools/blob/main/src/emulator/constants.ts
Supabase CLI | all | supabase start --network-id local-network | a Docker network made for 127.0.0.1
    https://supabase.com/docs/guides/local-development
LocalStack | this machine by its CLI | docker run -p 127.0.0.1:4566:4566 localstack/localstack
    https://github.com/localstack/localstack/blob/main/docker-compose.yml
Azurite | this machine | azurite --blobHost 127.0.0.1 | also `--queueHost`, `--tableHost`
    https://github.com/Azure/Azurite
Ethereum development node | this machine | npx hardhat node --hostname 127.0.0.1
    https://github.com/NomicFoundation/hardhat/blob/main/packages/hardhat/src/internal/builtin-plugins/node/task-action.ts
# Databases and search
PostgreSQL | this machine | listen_addresses = 'localhost'
    https://www.postgresql.org/docs/current/runtime-config-connection.html
MySQL, MariaDB | all | bind_address = 127.0.0.1 | Debian's MariaDB package sets it
    https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_bind_address
Redis, Valkey | all, in protected mode | bind 127.0.0.1 -::1 | its redis.conf sets it
    https://redis.io/docs/latest/operate/oss_and_stack/management/security/
MongoDB | this machine | net.bindIp: 127.0.0.1 | the Docker image: every address
    https://www.mongodb.com/docs/manual/core/security-mongodb-configuration/
Elasticsearch, OpenSearch | this machine | network.host: 127.0.0.1 | OpenSearch names no default
    https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings
Microsoft SQL Server | not verified | - | no source found for its default or a setting (2026-11)
    https://learn.microsoft.com/sql/linux/sql-server-linux-configure-mssql-conf
Oracle Database | not verified | - | no source found for its default or a setting (2026-11)
    https://docs.oracle.com/en/database/oracle/oracle-database/19/netrf/
memcached | all | memcached -l 127.0.0.1 | Debian's package sets it
    https://docs.memcached.org/
Apache Cassandra | this machine | rpc_address: localhost | and `listen_address` for other nodes
    https://github.com/apache/cassandra/blob/trunk/conf/cassandra.yaml
ClickHouse | this machine | <listen_host>127.0.0.1</listen_host>
    https://github.com/ClickHouse/ClickHouse/blob/master/programs/server/config.xml
CockroachDB | all | cockroach start --listen-addr=127.0.0.1:26257
    https://www.cockroachlabs.com/docs/stable/cockroach-start
Neo4j | this machine | server.default_listen_address=127.0.0.1
    https://neo4j.com/docs/operations-manual/current/configuration/configuration-settings/
InfluxDB | all | influxd --http-bind-address 127.0.0.1:8086
    https://docs.influxdata.com/influxdb/v2/reference/config-options/
Meilisearch | this machine | meilisearch --http-addr 127.0.0.1:7700
    https://www.meilisearch.com/docs/resources/self_hosting/configuration/reference
Qdrant | all | QDRANT__SERVICE__HOST=127.0.0.1
    https://github.com/qdrant/qdrant/blob/master/config/config.yaml
Apache Solr | this machine | SOLR_JETTY_HOST=127.0.0.1 | in solr.in.sh or solr.in.cmd
    https://solr.apache.org/guide/solr/latest/deployment-guide/securing-solr.html
MinIO | all | minio server --address 127.0.0.1:9000 /data | also `--console-address 127.0.0.1:9001`
    https://github.com/minio/minio/blob/master/cmd/server-main.go
etcd | this machine | etcd --listen-client-urls http://127.0.0.1:2379
    https://etcd.io/docs/v3.6/op-guide/configuration/
Prisma Studio | this machine | - | the address is fixed at 127.0.0.1 (7.10)
    https://github.com/prisma/orm/blob/7.10.0/packages/cli/src/Studio.ts
Prisma | not verified | - | its documentation names no address for `prisma dev`
    =
# Messaging and queues
RabbitMQ | all | listeners.tcp.1 = 127.0.0.1:5672 | also `management.tcp.ip`; epmd stays open
    https://www.rabbitmq.com/docs/networking
Apache Kafka | all with an empty host | listeners=PLAINTEXT://127.0.0.1:9092
    https://kafka.apache.org/documentation/#brokerconfigs_listeners
Apache ZooKeeper | all | clientPortAddress=127.0.0.1 | also `admin.serverAddress`
    https://zookeeper.apache.org/doc/current/zookeeperAdmin.html
Apache ActiveMQ | all for OpenWire | tcp://127.0.0.1:61616 | a transportConnector in activemq.xml
    https://github.com/apache/activemq/blob/main/assembly/src/release/conf/activemq.xml
NATS | all | nats-server -a 127.0.0.1
    https://github.com/nats-io/nats-server/blob/main/main.go
Mailpit, MailHog | all | mailpit --listen 127.0.0.1:8025 --smtp 127.0.0.1:1025
    https://mailpit.axllent.org/docs/configuration/runtime-options/
MailCatcher | this machine | mailcatcher --ip 127.0.0.1
    https://github.com/sj26/mailcatcher
Celery Flower | all | celery flower --address=127.0.0.1
    https://flower.readthedocs.io/en/latest/config.html
# Monitoring
Grafana | all | http_addr = 127.0.0.1 | section `[server]` of grafana.ini
    https://github.com/grafana/grafana/blob/main/conf/defaults.ini
Grafana Loki | all | http_listen_address: 127.0.0.1 | under `server:`; also `grpc_listen_address`
    https://grafana.com/docs/loki/latest/configure/
Prometheus | all | prometheus --web.listen-address=127.0.0.1:9090
    https://prometheus.io/docs/prometheus/latest/command-line/prometheus/
Prometheus Pushgateway | all | pushgateway --web.listen-address=127.0.0.1:9091
    https://github.com/prometheus/pushgateway
Prometheus Alertmanager | all | alertmanager --web.listen-address=127.0.0.1:9093 | also 9094
    https://github.com/prometheus/alertmanager
Prometheus node_exporter | all | node_exporter --web.listen-address=127.0.0.1:9100
    https://github.com/prometheus/node_exporter/blob/master/node_exporter.go
OpenTelemetry | this machine | endpoint: 127.0.0.1:4317 | of the collector's OTLP receiver
    https://github.com/open-telemetry/opentelemetry-collector/blob/main/receiver/otlpreceiver/README.md
Jaeger | this machine | JAEGER_LISTEN_HOST=127.0.0.1 | version 2; its Docker image: every address
    https://github.com/jaegertracing/jaeger/blob/main/cmd/jaeger/internal/all-in-one.yaml
Zipkin | all | docker run -p 127.0.0.1:9411:9411 openzipkin/zipkin
    https://github.com/openzipkin/zipkin/blob/master/zipkin-server/src/main/resources/zipkin-server-shared.yml
Kibana | this machine | server.host: "localhost"
    https://github.com/elastic/kibana/blob/main/config/kibana.yml
Apache Spark | all, its web UI | SPARK_LOCAL_IP=127.0.0.1
    https://github.com/apache/spark/blob/master/core/src/main/scala/org/apache/spark/ui/WebUI.scala
TensorBoard | this machine | tensorboard --host 127.0.0.1 | `--bind_all` opens every address
    https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/core/core_plugin.py
Cockpit | all | ListenStream=127.0.0.1:9090 | cockpit.socket, after an empty `ListenStream=`
    https://cockpit-project.org/guide/latest/listen.html
Supervisor | off | port=127.0.0.1:9001 | section `[inet_http_server]`
    https://supervisord.org/configuration.html
# AI on your own machine
Ollama | this machine | OLLAMA_HOST=127.0.0.1 ollama serve
    https://docs.ollama.com/faq
LM Studio | this machine | lms server start --bind 127.0.0.1
    https://github.com/lmstudio-ai/lms/blob/main/src/subcommands/server.ts
llama.cpp | this machine | llama-server --host 127.0.0.1
    https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
vLLM | all | vllm serve MODEL --host 127.0.0.1 | `--api-key` guards only some paths
    https://docs.vllm.ai/en/stable/usage/security/
Open WebUI | all | open-webui serve --host 127.0.0.1 | Docker: `-p 127.0.0.1:3000:8080`
    https://github.com/open-webui/open-webui/blob/main/backend/open_webui/__init__.py
ComfyUI | this machine | python main.py --listen 127.0.0.1 | `--listen` alone opens every address
    https://docs.comfy.org/development/comfyui-server/startup-flags
Jan | this machine | Settings, Local API Server, Server Host 127.0.0.1
    https://www.jan.ai/docs/desktop/api-server
Gradio | this machine | demo.launch(server_name="127.0.0.1") | `share=True` makes a public link
    https://www.gradio.app/docs/gradio/blocks
Streamlit | all | streamlit run app.py --server.address 127.0.0.1
    https://docs.streamlit.io/develop/api-reference/configuration/config.toml
Jupyter | this machine | c.ServerApp.ip = "127.0.0.1"
    https://jupyter-server.readthedocs.io/en/latest/other/full-config.html
Ray | this machine | ray.init(dashboard_host="127.0.0.1")
    https://docs.ray.io/en/latest/ray-core/api/doc/ray.init.html
n8n | all | N8N_LISTEN_ADDRESS=127.0.0.1
    https://github.com/n8n-io/n8n/blob/master/packages/@n8n/config/src/index.ts
# Web servers and proxies
nginx | all IPv4 | listen 127.0.0.1:8080;
    https://nginx.org/en/docs/http/ngx_http_core_module.html#listen
Apache HTTP Server | all | Listen 127.0.0.1:8080
    https://httpd.apache.org/docs/2.4/bind.html
Caddy | this machine for its API | admin 127.0.0.1:2019 | sites: all, or `bind 127.0.0.1`
    https://caddyserver.com/docs/api
Apache Tomcat | all | <Connector address="127.0.0.1" port="8080" />
    https://tomcat.apache.org/tomcat-10.1-doc/config/http.html
PHP-FPM | as its pool file says | listen = 127.0.0.1:9000
    https://www.php.net/manual/en/install.fpm.configuration.php
ngrok | this machine | web_addr: 127.0.0.1:4040 | the tunnel itself is public
    https://ngrok.com/docs/agent/web-inspection-interface/
# Containers and clusters
Docker -p, Compose | all | docker run -p 127.0.0.1:8080:80 IMAGE | Compose: `"127.0.0.1:8080:80"`
    https://docs.docker.com/engine/network/port-publishing/
Docker | no TCP | dockerd -H unix:///var/run/docker.sock | with TCP: only with TLS
    https://docs.docker.com/reference/cli/dockerd/
Docker Registry | as its file says | addr: 127.0.0.1:5000 | under `http:`
    https://distribution.github.io/distribution/about/configuration/
Kubernetes | all | kube-apiserver --bind-address=127.0.0.1 | kind: `apiServerAddress`
    https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
kubectl port-forward | this machine | kubectl port-forward --address 127.0.0.1 pod/api 8080
    https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/
HashiCorp Vault | this machine | address = "127.0.0.1:8200"
    https://developer.hashicorp.com/vault/docs/configuration/listener/tcp
HashiCorp Consul | this machine for its API | client_addr = "127.0.0.1" | also `bind_addr`
    https://github.com/hashicorp/consul/blob/main/agent/config/default.go
# Debuggers and test tools
Node.js inspector | this machine | node --inspect=127.0.0.1:9229 app.js
    https://nodejs.org/en/learn/getting-started/debugging
Node.js | as its version | node --inspect=127.0.0.1:9229 app.js | 5858: versions before 8
    https://nodejs.org/en/learn/getting-started/debugging
Chrome DevTools | this machine | chrome --remote-debugging-port=9222 --user-data-dir=DIRECTORY
    https://developer.chrome.com/blog/remote-debugging-port
Java debugger | this machine since Java 9 | address=127.0.0.1:5005 | `*:5005`: every address
    https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html
debugpy | this machine | python -m debugpy --listen 127.0.0.1:5678 app.py
    https://github.com/microsoft/debugpy
Xdebug | all in VS Code | "hostname": "127.0.0.1" | the editor listens; launch.json
    https://github.com/xdebug/vscode-php-debug
Go net/http/pprof | as given | http.ListenAndServe("127.0.0.1:6060", nil)
    https://pkg.go.dev/net/http/pprof
Selenium | all | java -jar selenium-server.jar standalone --host 127.0.0.1
    https://github.com/SeleniumHQ/selenium/blob/trunk/java/src/org/openqa/selenium/netty/server/NettyServer.java
geckodriver | this machine | geckodriver --host 127.0.0.1
    https://firefox-source-docs.mozilla.org/testing/geckodriver/Flags.html
ChromeDriver | this machine | chromedriver --port=9515 | `--allowed-ips` opens it
    https://developer.chrome.com/docs/chromedriver/security-considerations
adb | this machine | adb start-server | `adb -a` opens it; `adb usb` ends `adb tcpip`
    https://developer.android.com/tools/adb
Android Emulator | this machine | - | no option found; it binds 127.0.0.1
    https://developer.android.com/studio/run/emulator-console
# Servers for a team or a home
Jenkins | all | java -jar jenkins.war --httpListenAddress=127.0.0.1
    https://github.com/jenkinsci/winstone
Gitea, Forgejo | all | HTTP_ADDR = 127.0.0.1 | section `[server]` of app.ini
    https://github.com/go-gitea/gitea/blob/main/custom/conf/app.example.ini
SonarQube | all | sonar.web.host=127.0.0.1
    https://github.com/SonarSource/sonarqube/blob/master/sonar-application/src/main/assembly/conf/sonar.properties
Sonatype Nexus Repository | all | application-host=127.0.0.1 | in nexus.properties
    https://github.com/sonatype/nexus-public/blob/main/assemblies/nexus-base-overlay/src/main/resources/overlay/etc/nexus-default.properties
RStudio Server, Posit Workbench | all | www-address=127.0.0.1
    https://docs.posit.co/ide/server-pro/rstudio-server-configuration.html
Git | all | git daemon --listen=127.0.0.1
    https://git-scm.com/docs/git-daemon
Home Assistant | all | Listen addresses: 127.0.0.1 | Settings, System, Network, HTTP server
    https://www.home-assistant.io/integrations/http/
Syncthing | this machine for its GUI | syncthing serve --gui-address=127.0.0.1:8384
    https://docs.syncthing.net/users/guilisten.html
IPFS Kubo | this machine for its API | "API": "/ip4/127.0.0.1/tcp/5001" | 4001 is open
    https://github.com/ipfs/kubo/blob/master/docs/config.md
Transmission | all | "rpc-bind-address": "127.0.0.1" | `rpc_bind_address` in the new spelling of 4.1
    https://github.com/transmission/transmission/blob/main/docs/Editing-Configuration-Files.md
Minecraft Java Edition | not verified | server-ip=127.0.0.1 | in server.properties
    https://help.minecraft.net/hc/en-us/articles/360058525452
Plex Media Server | not verified | - | no such setting found; do not publish it in the router
    https://support.plex.tv/articles/200430283-network/
CUPS | this machine | Listen localhost:631 | in cupsd.conf
    https://github.com/OpenPrinting/cups/blob/master/conf/cupsd.conf.in
# Parts of the system and desktop programs
systemd-resolved | this machine | DNSStubListener=no | switches it off; in resolved.conf
    https://man7.org/linux/man-pages/man5/resolved.conf.5.html
Multicast DNS | all | - | made for the local network
    =
AirPlay Receiver | all | - | switch it off: System Settings, General, AirDrop & Handoff
    =
Delivery Optimization | all | - | switch it off: Settings, Windows Update, Advanced options
    https://learn.microsoft.com/windows/deployment/do/waas-delivery-optimization-faq
Discord | this machine | - | fixed at 127.0.0.1
    =
Dropbox | not verified | - | made for the local network: switch LAN sync off
    =
Steam | not verified | - | made for the local network: switch Remote Play off
    =
"""

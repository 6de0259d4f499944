"""Sentences of answers over HTTP."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "airtunes",
        ("airtunes", "airplay", "controlce"),
        r"(?i)\bserver: AirTunes/[\d.]{1,12}|\bAirTunes\b|\bAirPlay(?: Receiver)?\b"
        r"|\bControlCe(?:nter)?\b",
        "this is the AirPlay Receiver of macOS",
    ),
    (
        "forbidden",
        ("403",),
        r"(?i)(?<![:.\w-])403(?: \(?forbidden\)?)?(?=[\s)\"',;.]|$)|\bHTTP ERROR 403\b"
        r"|\bstatus:403\b",
        "the answer has the status 403",
    ),
    (
        "proxy-answered",
        (
            "squid",
            "zscaler",
            "bluecoat",
            "proxy-agent",
            "server: ",
        ),
        r"(?im)^(?:< )?server: ?(?:squid|zscaler|bluecoat|privoxy|mcafee|forcepoint"
        r"|tinyproxy)[^\n]{0,40}"
        r"|\bX-Squid-Error: ?[^\n]{1,60}|^(?:< )?proxy-agent: ?[^\n]{1,40}"
        r"|\bserver: ?zscaler\b|\bsquid/\d[\w.]{0,10}",
        "a proxy answered, not the server",
    ),
    (
        "proxy",
        ("proxy", "tunnel"),
        r"(?i)\buses proxy env variable \w{4,12}[^\n]{0,60}|\breceived HTTP code \d{3} from proxy"
        r"|\bCONNECT tunnel failed, response \d{3}|\btunnel connection failed: \d{3}[^\n]{0,40}"
        r"|\bcannot connect to proxy\b|\bERR_TUNNEL_CONNECTION_FAILED\b"
        r"|\bERR_PROXY_CONNECTION_FAILED\b"
        r"|\bproxy authentication required\b|\bproxyconnect tcp\b|\bproxyerror\b"
        r"|\bfailed to (?:connect|establish a connection) to (?:the )?proxy\b"
        r"|\bproxy server is refusing\b|\bunable to connect to (?:the )?proxy\b",
        "the client used a proxy",
    ),
    (
        "unsafe-port",
        ("err_unsafe_port", "bad port", "port_access_not_allowed", "restricted network port"),
        r"ERR_UNSAFE_PORT|NS_ERROR_PORT_ACCESS_NOT_ALLOWED|\bError: bad port$"
        r"|restricted network port",
        "the client itself refuses this port number",
    ),
    (
        "unsafe-port",
        ("this address is restricted", "normally used for purposes other than"),
        r"This address is restricted|normally used for purposes other than Web browsing",
        "Firefox itself refuses this port number",
    ),
    (
        "not-found",
        ("404", "not found", "cannot get", "cannot post"),
        r"(?im)\bHTTP/[\d.]{1,3}\"? 404\b|\b404(?: \(|:? )(?:page )?not found\b|^Cannot (?:GET"
        r"|POST|PUT|"
        r"DELETE|PATCH) /\S{0,120}|\bHTTP ERROR 404\b|\bstatus(?: code)?:? ?404\b"
        r"|\bresponse code: 404\b"
        r"|\brequested URL (?:/\S{0,80} )?was not found on th(?:is|e) server\b"
        r"|\"detail\": ?\"Not Found\""
        r"|\bNo static resource\b|\bserver response: 404\b|\(404\) Not Found"
        r"|\breturned error: 404\b"
        r"|\btype=Not Found, status=404\b|\bNo route matches\b|\b404 \(Not Found\)",
        "the server answered that it has nothing at this path",
    ),
    (
        "wrong-method",
        ("405", "501", "not allowed", "unsupported method"),
        r"(?i)\b405 (?:\()?method not allowed\b|\bHTTP/[\d.]{1,3}\"? 405\b"
        r"|\bstatus(?: code)?:? ?405\b"
        r"|\bUnsupported method \('\w{2,10}'\)|\bmethod not allowed\b",
        "the server answered that the path does not accept this method",
    ),
    (
        "websocket-answer",
        ("unexpected response code", "unexpected server response", "during websocket handshake"),
        r"[Uu]nexpected (?:response code|server response): (?:200|3\d\d|400|426)\b"
        r"|(?i:handshake status (?:200|3\d\d|400|426)\b)",
        "the server answered the WebSocket request with a plain page",
    ),
    (
        "bad-gateway",
        ("502", "504", "bad gateway", "gateway time"),
        r"(?i)\b502[ :]{1,2}bad gateway\b|\b504[ :]{1,2}gateway time-?out\b|\bHTTP ERROR 50[24]\b"
        r"|\bHTTP/[\d.]{1,3}\"? 50[24]\b|\b50[24] \((?:bad gateway|gateway timeout)\)",
        "a server in between got no answer from the one behind it",
    ),
    (
        "unavailable",
        ("503", "service unavailable"),
        r"(?i)\b503[ :]{1,2}\(?service unavailable\b|\bHTTP/[\d.]{1,3}\"? 503\b"
        r"|\bHTTP ERROR 503\b",
        "the answer has the status 503",
    ),
    (
        "own-gateway",
        ("nginx", "caddy", "traefik", "haproxy", "envoy", "upstream"),
        r"(?im)^(?:< )?server: ?(?:nginx|caddy|traefik|envoy|openresty|apache)[^\n]{0,30}"
        r"|\bnginx(?:/[\d.]{1,10})?\b|\bcaddy\b|\btraefik\b|\bhaproxy\b|\benvoy\b|\bopenresty\b",
        "a reverse proxy of yours is in front",
    ),
    (
        "session-lost",
        (
            "logged",
            "log out",
            "logs out",
            "log in",
            "logs me",
            "login",
            "signed",
            "sign in",
            "other user",
            "another user",
            "session",
            "cookie",
            "same browser",
            "jsessionid",
            "phpsessid",
            "connect.sid",
        ),
        r"(?i)\b(?:logged|logs?|signed|signs?|kicked|logging|signing)"
        r"(?: me| us| you| him| her| them)? ?(?:out|off|in)\b"
        r"|\b(?:other|another|different|wrong) (?:user|account)\b|\bcookies?\b|\bsame browser\b"
        r"|\bsessions? (?:is |are |gets? |was )?(?:lost|conflict|expire|overwrit|shared|invalid"
        r"|mixed|the same)\w{0,6}|\b(?:los[et]|loses|losing|multiple|shared?|sharing) "
        r"(?:the |its |their |my )?sessions?\b|\bJSESSIONID\b|\bPHPSESSID\b|\bconnect\.sid\b",
        "your login changes when you use another program",
    ),
    (
        "other-protocol",
        (
            "native driver port",
            "security attack",
            "http/0.9",
            "startup packet",
            "malformed http",
            "invalid_http_response",
            "badstatusline",
            "expected http/",
            "hpe_invalid",
        ),
        r"(?i)access MongoDB over HTTP on the native driver port"
        r"|Possible SECURITY ATTACK detected"
        r"|Received HTTP/0\.9 when not allowed|invalid length of startup packet"
        r"|malformed HTTP (?:response|status code|version)|ERR_INVALID_HTTP_RESPONSE"
        r"|\bBadStatusLine\b|Parse Error: Expected HTTP/|\bHPE_INVALID_CONSTANT\b",
        "the program there does not speak HTTP",
    ),
    (
        "redirect-loop",
        ("too_many_redirects", "redirected you too many", "redirect_loop", "redirecting in a way"),
        r"ERR_TOO_MANY_REDIRECTS|redirected you too many times|NS_ERROR_REDIRECT_LOOP"
        r"|redirecting the request in a way that will never complete",
        "the redirects form a loop",
    ),
    (
        "redirect-uri",
        ("redirect_uri", "redirect uri", "redirect url", "aadsts50011"),
        r"(?i)\bredirect_uri_mismatch\b|\bAADSTS50011\b|\b(?:invalid|mismatch\w{0,5}"
        r"|unregistered)"
        r"[^\n]{0,20}\bredirect[ _]ur[il]\b|\bredirect[ _]ur[il]\b[^\n]{0,60}\b(?:mismatch"
        r"|invalid|"
        r"(?:is )?not (?:registered|allowed|associated|valid|match))",
        "the provider does not accept this redirect address",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""

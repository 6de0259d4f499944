"""Host names: what their spelling tells without a look-up."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.address import ipv6, names
from checks.address.names import Name, lookup

KINDS = {
    "localhost",
    "host-alias",
    "carries-address",
    "reverse",
    "ipv6-literal",
    "special-use",
    "single-label",
    "domain",
}


def sure(text: str) -> Name:
    """As lookup(), where the text must be a name."""
    found = lookup(text)
    assert found is not None
    return found


class TestSyntax:
    """RFC 1123 §2.1 and RFC 1035 §2.3.4, with what resolvers let through."""

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a b",
            "a\n",
            "a\0b",
            "a/b",
            "a:b",
            "[a]",
            "a%41",
            "*",
            "*.example.com",
            "user@host",
            "-",
            "-a",
            "a-",
            "a" * 64,
            "a." * 128,
            "\ud800.de",
            "a\u202eb.de",
            "a\u00a0b.de",
            "ü b.de",
            "\ufeffa.de",
        ],
    )
    def test_is_no_host_name(self, text: str) -> None:
        """Wrong characters, empty labels and excess length are refused."""
        assert lookup(text) is None

    @pytest.mark.parametrize(
        "text",
        ["1", "127.1", "127.0.0.1", "foo.09", "foo.0x1", "foo.0x", "localhost.62893", "foo.1."],
    )
    def test_number_at_the_end_makes_it_no_name(self, text: str) -> None:
        """WHATWG URL, "ends in a number": an address or an error, never a name."""
        assert lookup(text) is None

    @pytest.mark.parametrize("text", ["1a", "3com.com", "0xg", "a.b1", "1.2.3.4.example", "x-1.y"])
    def test_digits_elsewhere_are_fine(self, text: str) -> None:
        """RFC 1123 §2.1 lets a label begin with a digit."""
        assert lookup(text) is not None

    def test_longest_names_pass(self) -> None:
        """253 characters, with or without the dot at the end, and 63 in a label."""
        name = ".".join(["a" * 63] * 3 + ["b" * 61])
        assert len(name) == names.MAX_NAME
        assert sure(name).text == sure(name + ".").text == name
        assert lookup("c" + name) is None
        assert lookup(name + "b.") is None

    def test_text_is_lower_case_without_the_last_dot(self) -> None:
        """Host names are compared without case (RFC 4343)."""
        assert sure("WWW.Example.COM.").text == "www.example.com"

    def test_dot_at_the_end_rules_out_the_search_list(self) -> None:
        """An absolute name is asked as it stands."""
        assert "rules the search list out" in sure("mybox.").asks
        assert "each domain of the search list" in sure("mybox").asks
        assert "last with the search list" in sure("a.b").asks

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("foo_bar.com", "underscore"),
            ("_dmarc.example.com", "underscore"),
            ("foo-.com", "neither begins nor ends with a hyphen"),
            ("a.-b.com", "neither begins nor ends with a hyphen"),
            ("-a.com", "glibc refuses"),
        ],
    )
    def test_notes_what_the_standard_does_not_allow(self, text: str, part: str) -> None:
        """Such names are met and looked up, but the note says that they are odd."""
        assert part in (sure(text).note or "")

    def test_ordinary_name_has_no_note(self) -> None:
        """Nothing is remarked where nothing is remarkable."""
        assert sure("www.python.org").note is None

    def test_internationalised_name_is_a_domain(self) -> None:
        """Another script is recognised as such, and left to UTS-46."""
        found = sure("MÜNCHEN.de")
        assert (found.text, found.kind) == ("mÜnchen.de", "domain")
        assert "xn--" in found.says
        assert sure("xn--mnchen-3ya.de").kind == "domain"


class TestLocalhost:
    """RFC 6761 §6.3."""

    @pytest.mark.parametrize(
        "text", ["localhost", "LOCALHOST", "localhost.", "foo.localhost", "a.b.localhost."]
    )
    def test_standard_names_are_certain(self, text: str) -> None:
        """Localhost and every name below it mean loopback by standard."""
        found = sure(text)
        assert (found.kind, found.certain, found.rule) == ("localhost", True, "RFC 6761 §6.3")

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("localhost.localdomain", "127.0.0.1"),
            ("localhost4", "127.0.0.1"),
            ("localhost4.localdomain4", "127.0.0.1"),
            ("localhost6", "::1"),
            ("localhost6.localdomain6", "::1"),
            ("ip6-localhost", "::1"),
            ("ip6-loopback", "::1"),
        ],
    )
    def test_names_of_hosts_files_are_not(self, text: str, address: str) -> None:
        """They rest on a line in /etc/hosts, which the answer says."""
        found = sure(text)
        assert (found.kind, found.certain) == ("localhost", False)
        assert address in found.says
        assert found.rule.startswith("/etc/hosts")

    @pytest.mark.parametrize(
        "text", ["localhosts", "mylocalhost", "localhost.com", "localhost.local", "local-host"]
    )
    def test_similar_names_are_not_localhost(self, text: str) -> None:
        """Only the last label counts, and as a whole."""
        assert sure(text).kind != "localhost"

    def test_old_docker_names_are_localhost_names(self) -> None:
        """Outside a container the ending decides, inside it was the host."""
        found = sure("docker.for.mac.localhost")
        assert found.kind == "localhost"
        assert "host.docker.internal" in found.says

    def test_broadcasthost_is_not_loopback(self) -> None:
        """The macOS hosts file has it for 255.255.255.255."""
        found = sure("broadcasthost")
        assert (found.kind, found.carries) == ("special-use", "255.255.255.255")


class TestHostAlias:
    @pytest.mark.parametrize(
        "text",
        [
            "host.docker.internal",
            "gateway.docker.internal",
            "kubernetes.docker.internal",
            "host.containers.internal",
            "host.minikube.internal",
            "host.k3d.internal",
            "host.lima.internal",
            "host.rancher-desktop.internal",
            "host.orb.internal",
            "HOST.Docker.Internal.",
        ],
    )
    def test_names_of_the_host_in_containers_and_machines(self, text: str) -> None:
        """They mean something only inside, so nothing is certain and no address is claimed."""
        found = sure(text)
        assert (found.kind, found.certain, found.carries) == ("host-alias", False, None)
        assert found.rule

    @pytest.mark.parametrize("text", ["docker.internal", "x.host.docker.internal", "a.internal"])
    def test_other_internal_names_are_special_use(self, text: str) -> None:
        """The ICANN Board reserved .internal for private networks on 2024-07-29."""
        found = sure(text)
        assert (found.kind, found.rule) == ("special-use", "ICANN Board resolution of 2024-07-29")


class TestCarriesAddress:
    @pytest.mark.parametrize(
        ("text", "carries"),
        [
            # as the documents of the services show them
            ("10.0.0.1.nip.io", "10.0.0.1"),
            ("app.10.0.0.1.nip.io", "10.0.0.1"),
            ("app-10-0-0-1.nip.io", "10.0.0.1"),
            ("192-168-1-250.nip.io", "192.168.1.250"),
            ("7f000001.nip.io", "127.0.0.1"),
            ("customer1-app-7f000101.nip.io", "127.0.1.1"),
            ("192.168.0.1.sslip.io", "192.168.0.1"),
            ("www.192-168-0-1.sslip.io", "192.168.0.1"),
            ("www-192-168-0-1.sslip.io", "192.168.0.1"),
            ("--1.sslip.io", "::1"),
            ("2607-f8b0-400a-800--200e.sslip.io", "2607:f8b0:400a:800::200e"),
            ("10.0.0.1.xip.io", "10.0.0.1"),
            ("foo.bar.208.132.27.194.traefik.me", "208.132.27.194"),
            ("www-10-0-0-1.traefik.me", "10.0.0.1"),
            ("foo.bar.traefik.me", "127.0.0.1"),
            # as the tests of sslip.io's server have them
            ("nono.io.0.1.2.3.ssLIp.IO", "0.1.2.3"),
            ("nono.io.172.16.0.30.172.31.255.255.sslip.io", "172.16.0.30"),
            ("minio-01.192-168-1-100.sslip.io", "192.168.1.100"),
            ("filer.7f000001.sslip.io", "127.0.0.1"),
            ("www.127-0-0-53.76543210.nip.io", "127.0.0.53"),
            ("www.76543210.127.0.0.53.nip.io", "127.0.0.53"),
            ("nono.io.127.0.0.1.192-168-0-1.sslip.io", "192.168.0.1"),
            ("2006-41d0-2-e01e--56dB-3598.sSLIP.io.", "2006:41d0:2:e01e::56db:3598"),
            ("1-2-3--4-5-6.sslip.io", "1:2:3::4:5:6"),
            ("--a2-a3-a4-a5-a6-a7-a8.sslip.io", "0:a2:a3:a4:a5:a6:a7:a8"),
            (
                "1.www-fffe-fdfc-fbfa-f9f8-f7f6-f5f4-f3f2-f1f0-1.sslip.io",
                "fffe:fdfc:fbfa:f9f8:f7f6:f5f4:f3f2:f1f0",
            ),
            # names that always mean loopback
            ("localtest.me", "127.0.0.1"),
            ("a.b.localtest.me", "127.0.0.1"),
            ("lvh.me", "127.0.0.1"),
            ("app.vcap.me", "127.0.0.1"),
            ("x.lacolhost.com", "127.0.0.1"),
            ("x.localho.st", "127.0.0.1"),
        ],
    )
    def test_reads_the_address_as_the_service_would(self, text: str, carries: str) -> None:
        """Dots, hyphens, hexadecimal and IPv6 with hyphens, each where it is offered."""
        found = sure(text)
        assert (found.kind, found.carries) == ("carries-address", carries)
        assert not found.certain
        assert found.asks.startswith("The hosts file, then A and AAAA for ")  # as getaddrinfo does

    @pytest.mark.parametrize(
        "text",
        [
            "nip.io",
            "www.sslip.io",
            "538.sslip.io",
            "256.254.253.252.sslip.io",
            "www-192.0-2.3.sslip.io",
            "www.0a09091e0.sslip.io",
            "www.0a09091.sslip.io",
            "www-0a09091e.sslip.io",
            "x-1.sslip.io",
            "--g.sslip.io",
            "10-0-0-1.xip.io",
            "traefik.me",
            "readme.localtest.me",
            "notlvh.me",
            "10.0.0.1.nip.io.example.dev",
            "10.0.0.1.example.dev",
        ],
    )
    def test_reads_none_where_the_service_would_not(self, text: str) -> None:
        """A name without an address, or below another domain, is an ordinary one."""
        found = sure(text)
        assert (found.kind, found.carries) == ("domain", None)

    def test_hyphens_may_spell_both_kinds_of_address(self) -> None:
        """The servers answer A and AAAA apart; IPv4 stands first, IPv6 in the note."""
        found = sure("1--2-3-4-5-6.sslip.io")
        assert found.carries == "2.3.4.5"
        assert "1::2:3:4:5:6" in (found.note or "")
        assert "A and AAAA" in found.asks

    def test_warns_that_such_answers_may_be_dropped(self) -> None:
        """Protection against DNS rebinding drops private answers."""
        assert "drop answers" in (sure("10.0.0.1.nip.io").note or "")
        assert "glibc refuses" in (sure("--1.sslip.io").note or "")

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("0-0-0-1--.sslip.io", ("answer 0:0:0:1::", "hyphen (RFC 1123", "drop answers")),
            ("-10-0-0-1.nip.io", ("glibc refuses", "drop answers")),
            ("my_app.127.0.0.1.nip.io", ("no underscore", "drop answers")),
            ("-a_b-.c", ("glibc refuses", "no underscore", "hyphen (RFC 1123")),
        ],
    )
    def test_no_remark_pushes_another_out(self, text: str, parts: tuple[str, ...]) -> None:
        """A name that is remarkable in several ways is told of each."""
        note = sure(text).note or ""
        assert all(part in note for part in parts), note
        assert note.count(". ") == len(parts) - 1

    @example(0x1_0000_0000_0000_0000)  # 0-0-0-1--: a label that ends with a hyphen
    @example(0x1_0002_0003_0004)  # --1-2-3-4: a name that begins with one
    @given(st.integers(0, (1 << 128) - 1))
    def test_every_ipv6_address_with_hyphens_is_read(self, value: int) -> None:
        """The way sslip.io documents: hyphens for colons."""
        address = ipaddress.IPv6Address(value)
        text = ipv6.format_url(value).replace(":", "-")
        found = sure(f"{text}.sslip.io")
        assert found.carries is not None
        if ":" in found.carries:
            assert ipaddress.ip_address(found.carries) == address
        else:  # four groups that are an IPv4 address as well
            assert f"answer {ipv6.format(value)}." in (found.note or "")


class TestReverse:
    """RFC 1035 §3.5 and RFC 3596 §2.5."""

    @pytest.mark.parametrize(
        ("text", "carries"),
        [
            ("1.0.0.127.in-addr.arpa", "127.0.0.1"),
            ("52.0.2.10.IN-ADDR.ARPA.", "10.2.0.52"),
            ("0.0.127.in-addr.arpa", "127.0.0.0/24"),
            ("127.in-addr.arpa", "127.0.0.0/8"),
            ("in-addr.arpa", "0.0.0.0/0"),
            ("b.a.9.8." + "0." * 20 + "8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::89ab"),
            ("1." + "0." * 31 + "ip6.arpa", "::1"),
            ("8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::/32"),
            ("e.f.ip6.arpa", "fe00::/8"),
            ("ip6.arpa", "::/0"),
        ],
    )
    def test_spells_an_address_or_a_prefix(self, text: str, carries: str) -> None:
        """All labels give an address, fewer a prefix; a resolver is asked for PTR."""
        found = sure(text)
        assert (found.kind, found.carries) == ("reverse", carries)
        assert found.asks == f'PTR for "{found.text}."'

    @pytest.mark.parametrize(
        "text",
        [
            "256.in-addr.arpa",
            "01.0.0.127.in-addr.arpa",
            "5.1.0.0.127.in-addr.arpa",
            "b._dns-sd._udp.0.0.127.in-addr.arpa",
            "x.in-addr.arpa",
            "10.ip6.arpa",
            "g.ip6.arpa",
            "0." * 33 + "ip6.arpa",
        ],
    )
    def test_spells_none_where_a_label_does_not_fit(self, text: str) -> None:
        """It is in the tree all the same."""
        found = sure(text)
        assert (found.kind, found.carries) == ("reverse", None)

    @given(st.ip_addresses())
    def test_reverses_what_ipaddress_makes(
        self, address: ipaddress.IPv4Address | ipaddress.IPv6Address
    ) -> None:
        """The standard library's reverse_pointer leads back to the address."""
        carries = sure(address.reverse_pointer).carries
        assert carries is not None
        assert ipaddress.ip_address(carries) == address


class TestIpv6Literal:
    @pytest.mark.parametrize(
        ("text", "carries"),
        [
            ("2001-db8--1.ipv6-literal.net", "2001:db8::1"),
            ("--1.ipv6-literal.net", "::1"),
            ("fe80--1s4.ipv6-literal.net", "fe80::1%4"),
            ("FE80--1seth0.IPv6-Literal.NET", "fe80::1%eth0"),
        ],
    )
    def test_hyphens_are_colons_and_s_is_the_zone_mark(self, text: str, carries: str) -> None:
        """Microsoft's transcription for UNC paths."""
        found = sure(text)
        assert (found.kind, found.carries) == ("ipv6-literal", carries)

    @pytest.mark.parametrize(
        "text",
        ["ipv6-literal.net", "www.ipv6-literal.net", "fe80--1s.ipv6-literal.net",
         "a.fe80--1.ipv6-literal.net"],
    )  # fmt: skip
    def test_other_names_there_are_domains(self, text: str) -> None:
        """Only one label that spells an address counts."""
        assert sure(text).kind == "domain"


class TestSpecialUse:
    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("printer.local", "RFC 6762 §3"),
            ("a.test", "RFC 6761 §6.2"),
            ("a.invalid", "RFC 6761 §6.4"),
            ("a.example", "RFC 6761 §6.5"),
            ("example.com", "RFC 6761 §6.5"),
            ("www.example.net", "RFC 6761 §6.5"),
            ("x.onion", "RFC 7686 §2"),
            ("nas.home.arpa", "RFC 8375 §1"),
            ("x.alt", "RFC 9476 §2"),
        ],
    )
    def test_reserved_endings_name_their_rule(self, text: str, rule: str) -> None:
        """The ending decides, at the border of a label."""
        found = sure(text)
        assert (found.kind, found.rule, found.certain) == ("special-use", rule, True)

    @pytest.mark.parametrize("text", ["myexample.com", "local.net", "a.tests", "test.de", "arpa"])
    def test_similar_endings_are_ordinary(self, text: str) -> None:
        """A part of a label is not an ending."""
        assert sure(text).kind in ("domain", "single-label")

    def test_mdns_names_are_asked_by_multicast(self) -> None:
        """RFC 6762 §3: names in .local go to 224.0.0.251 and ff02::fb."""
        assert "224.0.0.251 and ff02::fb" in sure("printer.local").asks

    def test_names_that_dns_never_answers(self) -> None:
        """Onion, alt and invalid are not put to DNS."""
        for text in ("x.onion", "x.alt", "x.invalid"):
            assert sure(text).asks.startswith("Nothing that DNS could answer")

    def test_metadata_server_of_google_cloud(self) -> None:
        """A name with a link-local address behind it."""
        found = sure("metadata.google.internal")
        assert (found.kind, found.carries) == ("special-use", "169.254.169.254")


class TestOrdinary:
    def test_single_label_and_domain(self) -> None:
        """What nothing else claims is a name with or without a dot."""
        assert sure("mybox").kind == "single-label"
        assert sure("www.python.org").kind == "domain"

    def test_record_is_json(self) -> None:
        """All fields are plain values."""
        record = json.loads(json.dumps(sure("10.0.0.1.nip.io").to_dict()))
        assert list(record) == [
            "text", "kind", "says", "carries", "asks", "rule", "certain", "note",
        ]  # fmt: skip


ALPHABET = st.sampled_from("aAzZ019-_.sx%:/[] \0\n\ud800\u202eüʼ。１İẞ" + "localhst")


class TestTotal:
    @given(st.text() | st.text(ALPHABET, max_size=300))
    @example("." * 254)
    @example("-" * 63 + ".sslip.io")
    @example("1-" * 31 + "1.sslip.io")
    @example("--" * 31 + ".sslip.io")
    @example("9" * 5000)
    def test_never_raises_and_keeps_its_word(self, text: str) -> None:
        """Any text gets None or a record whose parts hold together."""
        found = lookup(text)
        if found is None:
            return
        assert found.kind in KINDS
        assert 0 < len(found.text) <= names.MAX_NAME
        assert found.says.endswith(".")
        assert found.asks
        assert found.rule
        assert lookup(found.text) is not None

    @pytest.mark.parametrize("text", ["1" * 10**6, "a." * 10**6, "\ud800" * 10**6, "ü" * 10**6])
    def test_long_text_is_refused_unread(self, text: str) -> None:
        """The length is looked at before anything else."""
        assert lookup(text) is None

#include "adapters/udp_scan/payloads.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace garita::udp_scan {
namespace {

int digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/// "0a 0b" as bytes; of this file's own texts only.
std::string hex(std::string_view text) {
    std::string bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ') continue;
        if (high < 0) {
            high = digit(c);
        } else {
            bytes += static_cast<char>(high * 16 + digit(c));
            high = -1;
        }
    }
    return bytes;
}

/// RFC 1035: one question, recursion not wanted.
std::string dns(std::string_view name, std::string_view type_and_class) {
    std::string query = hex("4741 0000 0001 0000 0000 0000");
    while (!name.empty()) {
        const auto dot = std::min(name.find('.'), name.size());
        query += static_cast<char>(dot);
        query += name.substr(0, dot);
        name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return query + '\0' + hex(type_and_class);
}

/// RFC 5531: the procedure that does nothing.
std::string rpc_null(std::string_view program, std::string_view version) {
    return hex("47415249 00000000 00000002") + hex(program) + hex(version) +
           hex("00000000 00000000 00000000 00000000 00000000");
}

/// RFC 9000, 6.1: a version that nobody speaks is answered by those that are spoken. Shorter ones are
/// dropped.
std::string quic() {
    constexpr std::size_t least = 1200;
    auto packet = hex("c0 1a2a3a4a 08 4741524954413031 08 5343414e50524f42 00 4496 00");
    packet.resize(least, '\0');
    return packet;
}

/// RFC 6347: answered by HelloVerifyRequest.
std::string dtls() {
    const auto random = hex("00000000 47617269746100000000000000000000 000000000000000000000000");
    const auto body = hex("fefd") + random + hex("00 00 0006 c02b c02f 009c 01 00 0018") +
                      hex("000d 0006 0004 0403 0401 000a 0004 0002 0017 000b 0002 0100");
    const auto length = std::string{'\0', '\0', static_cast<char>(body.size())};
    const auto handshake = hex("01") + length + hex("0000 000000") + length + body;
    return hex("16 feff 0000 000000000000 00") + static_cast<char>(handshake.size()) + handshake;
}

/// RFC 2409, main mode with one proposal (RFC 2408 3.4 to 3.6).
std::string ike() {
    return hex("4741524954413031 0000000000000000 01 10 02 00 00000000 00000050") +
           hex("00 00 0034 00000001 00000001 00 00 0028 01 01 00 01") +
           hex("00 00 0020 01 01 0000 80010007 800e0080 80020002 80030001 80040002 800b0001");
}

/// RFC 3412 with RFC 3414: whoever speaks version 3 tells its engine.
std::string snmp_v3() {
    return hex("303a 020103 300f 02024741 020300ffe3 040104 020103 0410 300e 0400 020100 020100 0400 0400 "
               "0400") +
           hex("3012 0400 0400 a00c 02024741 020100 020100 3000");
}

/// RFC 1157: sysDescr.0 of "public".
std::string snmp_v1() {
    return hex(
        "3026 020100 0406 7075626c6963 a019 02014a 020100 020100 300e 300c 0608 2b06010201010100 0500");
}

/// RFC 2661: a tunnel is asked for, and never taken up.
std::string l2tp() {
    return hex("c802 003a 0000 0000 0000 0000") + hex("8008 0000 0000 0001") + hex("8008 0000 0002 0100") +
           hex("800a 0000 0003 00000003") + hex("800c 0000 0007") + "garita" + hex("8008 0000 0009 0001");
}

std::string sip() {
    return "OPTIONS sip:probe@invalid SIP/2.0\r\nVia: SIP/2.0/UDP invalid;branch=z9hG4bK47617269;rport\r\n"
           "Max-Forwards: 0\r\nTo: <sip:probe@invalid>\r\nFrom: <sip:garita@invalid>;tag=4741\r\n"
           "Call-ID: 4761726974\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
}

std::string ssdp() {
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
           "ST: upnp:rootdevice\r\n\r\n";
}

std::string ws_discovery() {
    return R"(<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" )"
           R"(xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" )"
           R"(xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>)"
           "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
           "<a:MessageID>urn:uuid:47617269-7461-4000-8000-000000000001</a:MessageID>"
           "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></e:Header>"
           "<e:Body><d:Probe/></e:Body></e:Envelope>";
}

/// RFC 1001/1002: the names of whoever listens.
std::string netbios() {
    return hex("4741 0000 0001 0000 0000 0000 20 43 4b") + std::string(30, 'A') + hex("00 0021 0001");
}

using Payloads = std::map<Port, std::vector<std::string>>;

void add(Payloads& all, std::initializer_list<Port> ports, std::initializer_list<std::string> payloads) {
    for (const Port port : ports)
        all.emplace(port, payloads);
}

void add_infrastructure(Payloads& all) {
    add(all, {7, 9, 13, 17, 19, 37}, {"\r\n"});
    add(all, {53}, {dns("version.bind", "0010 0003"), dns("", "0002 0001")});
    add(all, {5353}, {dns("_services._dns-sd._udp.local", "000c 8001")});
    add(all, {5355}, {dns("wpad", "0001 0001")});
    add(all, {69}, {hex("0001") + "garita-asks-for-no-file" + '\0' + "octet" + '\0'});
    add(all, {111}, {rpc_null("000186a0", "00000002")});
    add(all, {2049}, {rpc_null("000186a3", "00000003"), rpc_null("000186a3", "00000002")});
    add(all, {123}, {hex("23") + std::string(47, '\0'), hex("1b") + std::string(47, '\0')});
    add(all, {137}, {netbios()});
    add(all, {161}, {snmp_v1(), snmp_v3()});
    add(all, {177}, {hex("0001 0002 0001 00")});
    add(all, {389},
        {hex("3025 020101 6320 0400 0a0100 0a0100 020101 020101 010100 870b") + "objectClass" + hex("3000")});
    add(all, {427},
        {hex("02 01 000036 0000 000000 0001 0002") + "en" + hex("0000 0015") + "service:service-agent" +
         hex("0007") + "default" + hex("0000 0000")});
    add(all, {500}, {ike()});
    add(all, {4500}, {hex("00000000") + ike()});
    add(all, {520}, {hex("01 02 0000 0000 0000 00000000 00000000 00000000 00000010")});
    add(all, {623}, {hex("06 00 ff 06 000011be 80 00 00 00")});
    add(all, {1194}, {hex("38 4741524954413031 00 00000000")});
    add(all, {1645, 1812}, {hex("01 01 0014") + std::string(16, 'g')});
    add(all, {1646, 1813}, {hex("0c 01 0014") + std::string(16, 'g')});
    add(all, {1701}, {l2tp()});
    add(all, {2123, 2152}, {hex("32 01 0004 00000000 00000000"), hex("40 01 0004 00000000")});
    add(all, {5351}, {hex("00 00")});
}

void add_services(Payloads& all) {
    add(all, {443, 853, 8443}, {quic()});
    add(all, {1434}, {hex("02")});
    add(all, {1900}, {ssdp()});
    add(all, {3391, 5684}, {dtls()});
    add(all, {3478}, {hex("0001 0000 2112a442 476172697461536361 6e3031")});
    add(all, {3671}, {hex("06 10 0203 000e 08 01 00000000 0000")});
    add(all, {3702}, {ws_discovery()});
    add(all, {5060}, {sip()});
    add(all, {5683}, {hex("40 00 4741")});
    add(all, {10001}, {hex("01000000")});
    add(all, {11211}, {hex("4741 0000 0001 0000") + "version\r\n"});
    add(all, {19132}, {hex("01 0000000000000000 00ffff00fefefefefdfdfdfd12345678 4761726974610001")});
    add(all, {27015}, {hex("ffffffff") + "TSource Engine Query" + '\0'});
    add(all, {44818}, {hex("6300") + std::string(22, '\0')});
    add(all, {47808}, {hex("81 0a 0011 01 04 00 05 01 0c 0c 023fffff 19 4b")});
    add(all, {64738}, {hex("00000000 4761726974610001")});
}

Payloads all_payloads() {
    Payloads all;
    add_infrastructure(all);
    add_services(all);
    return all;
}

}  // namespace

std::string_view payload_for(Port port, unsigned attempt) {
    static const Payloads all = all_payloads();
    const auto found = all.find(port);
    if (found == all.end() || attempt == 0) return {};
    return found->second[(attempt - 1) % found->second.size()];
}

}  // namespace garita::udp_scan

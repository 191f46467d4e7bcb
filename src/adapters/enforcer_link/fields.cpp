#include "adapters/enforcer_link/fields.hpp"

#include <algorithm>

namespace garita::enforcer_link {
namespace {

/// The year 10000: far enough for everybody, and near enough that no sum of two times runs over.
constexpr std::int64_t last_time = 253'402'300'800'000'000;

}  // namespace

void put(ByteWriter& out, const IpAddress& address) {
    out.number<std::uint8_t>(address.is_v4() ? 0 : 1);
    out.raw(address.bytes().data(), address.size());
}
void get(ByteReader& in, IpAddress& address) {
    const bool v4 = in.choice(2) == 0;
    std::array<std::uint8_t, 16> bytes{};
    const auto raw = in.raw(v4 ? 4 : 16);
    std::copy(raw.begin(), raw.end(), bytes.begin());
    address = v4 ? IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]}) : IpAddress::from_v6(bytes);
    // an IPv4 address in IPv6 clothes has one form only
    if (address.is_v4() != v4) in.wrong();
}

void put(ByteWriter& out, const IpNetwork& network) {
    put(out, network.address());
    out.number(static_cast<std::uint8_t>(network.prefix()));
}
void get(ByteReader& in, IpNetwork& network) {
    IpAddress address;
    get(in, address);
    const auto prefix = in.number<std::uint8_t>();
    if (prefix > address.bits()) return in.wrong();
    network = IpNetwork(address, prefix);
    if (network.address() != address) in.wrong();  // host bits
}

void put(ByteWriter& out, Time time) {
    out.number(std::clamp<std::int64_t>(to_micros(time), 0, last_time));
}
void get(ByteReader& in, Time& time) {
    const auto micros = in.number<std::int64_t>();
    if (micros < 0 || micros > last_time) return in.wrong();
    time = from_micros(micros);
}

void put(ByteWriter& out, const Error& error) {
    out.number(static_cast<std::uint8_t>(error.code));
    out.number(static_cast<std::uint8_t>(error.retry));
    out.text(error.text);
}
void get(ByteReader& in, Error& error) {
    error.code = static_cast<ErrorCode>(in.choice(static_cast<std::uint8_t>(ErrorCode::full) + 1));
    error.retry = static_cast<Retry>(in.choice(static_cast<std::uint8_t>(Retry::later) + 1));
    error.text = in.text();
}

void put(ByteWriter& out, const enforce::BlockEntry& entry) {
    put(out, entry.network);
    put(out, entry.expires_at);
}
void get(ByteReader& in, enforce::BlockEntry& entry) {
    get(in, entry.network);
    get(in, entry.expires_at);
}

void put(ByteWriter& out, const enforce::EntryFailure& failure) {
    put(out, failure.network);
    out.number(static_cast<std::uint8_t>(failure.change));
    put(out, failure.error);
}
void get(ByteReader& in, enforce::EntryFailure& failure) {
    get(in, failure.network);
    failure.change = static_cast<enforce::BlockChange>(in.choice(2));
    get(in, failure.error);
}

void put(ByteWriter& out, const enforce::BatchResult& result) {
    put(out, result.failed);
    out.number(result.connections_cut);
    put(out, result.cut_error);
}
void get(ByteReader& in, enforce::BatchResult& result) {
    get(in, result.failed);
    result.connections_cut = in.number<std::uint64_t>();
    get(in, result.cut_error);
}

void put(ByteWriter& out, enforce::Drift drift) {
    out.number(static_cast<std::uint8_t>(drift));
}
void get(ByteReader& in, enforce::Drift& drift) {
    drift = static_cast<enforce::Drift>(in.choice(3));
}

void put(ByteWriter& out, const CloseSession& session) {
    out.number(session.pid);
    out.number(session.start_ticks);
    put(out, session.peer);
    out.number(session.peer_port);
    out.number(session.local_port);
}
void get(ByteReader& in, CloseSession& session) {
    session.pid = in.number<std::int64_t>();
    session.start_ticks = in.number<std::uint64_t>();
    get(in, session.peer);
    session.peer_port = in.number<std::uint16_t>();
    session.local_port = in.number<std::uint16_t>();
}

void put(ByteWriter& out, const enforce::SessionClosed& closed) {
    out.number(static_cast<std::uint8_t>(closed.end));
    out.text(closed.note);
}
void get(ByteReader& in, enforce::SessionClosed& closed) {
    closed.end = static_cast<enforce::SessionEnd>(in.choice(2));
    closed.note = in.text();
}

void put(ByteWriter& out, const detect::ProcessRef& process) {
    out.number(process.pid);
    out.number(process.start_ticks);
    out.text(process.command);
}
void get(ByteReader& in, detect::ProcessRef& process) {
    process.pid = in.number<std::int32_t>();
    process.start_ticks = in.number<std::uint64_t>();
    process.command = in.text();
}

void put(ByteWriter& out, const detect::SshSession& session) {
    put(out, session.process);
    put(out, session.peer);
    out.number(session.peer_port);
    out.number(session.local_port);
    out.text(session.user);
    out.number(static_cast<std::uint8_t>(session.server));
}
void get(ByteReader& in, detect::SshSession& session) {
    get(in, session.process);
    get(in, session.peer);
    session.peer_port = in.number<std::uint16_t>();
    session.local_port = in.number<std::uint16_t>();
    session.user = in.text();
    session.server = static_cast<detect::SshServer>(in.choice(2));
}

void put(ByteWriter& out, const Ready& ready) {
    out.number(static_cast<std::uint8_t>(ready.firewall));
}
void get(ByteReader& in, Ready& ready) {
    ready.firewall = static_cast<Ready::Firewall>(in.choice(2));
}

}  // namespace garita::enforcer_link

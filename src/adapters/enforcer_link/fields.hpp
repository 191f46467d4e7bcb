#pragma once
// How each value lies in a message. `put` and `get` of a type stand side by side.

#include "adapters/enforcer_link/bytes.hpp"
#include "adapters/enforcer_link/messages.hpp"

namespace garita::enforcer_link {

void put(ByteWriter& out, const IpAddress& address);
void get(ByteReader& in, IpAddress& address);
void put(ByteWriter& out, const IpNetwork& network);
void get(ByteReader& in, IpNetwork& network);
void put(ByteWriter& out, Time time);
void get(ByteReader& in, Time& time);
void put(ByteWriter& out, const Error& error);
void get(ByteReader& in, Error& error);
void put(ByteWriter& out, const enforce::BlockEntry& entry);
void get(ByteReader& in, enforce::BlockEntry& entry);
void put(ByteWriter& out, const enforce::EntryFailure& failure);
void get(ByteReader& in, enforce::EntryFailure& failure);
void put(ByteWriter& out, const enforce::BatchResult& result);
void get(ByteReader& in, enforce::BatchResult& result);
void put(ByteWriter& out, enforce::Drift drift);
void get(ByteReader& in, enforce::Drift& drift);
void put(ByteWriter& out, const CloseSession& session);
void get(ByteReader& in, CloseSession& session);
void put(ByteWriter& out, const enforce::SessionClosed& closed);
void get(ByteReader& in, enforce::SessionClosed& closed);
void put(ByteWriter& out, const detect::ProcessRef& process);
void get(ByteReader& in, detect::ProcessRef& process);
void put(ByteWriter& out, const detect::SshSession& session);
void get(ByteReader& in, detect::SshSession& session);
void put(ByteWriter& out, const Ready& ready);
void get(ByteReader& in, Ready& ready);

template <typename Value>
void put(ByteWriter& out, const std::optional<Value>& value) {
    out.number<std::uint8_t>(value ? 1 : 0);
    if (value) put(out, *value);
}
template <typename Value>
void get(ByteReader& in, std::optional<Value>& value) {
    if (in.choice(2) == 1) get(in, value.emplace());
}

template <typename Value>
void put(ByteWriter& out, std::span<const Value> values) {
    out.number(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values)
        put(out, value);
}
template <typename Value>
void put(ByteWriter& out, const std::vector<Value>& values) {
    put(out, std::span<const Value>(values));
}
template <typename Value>
void get(ByteReader& in, std::vector<Value>& values) {
    constexpr std::size_t least_size = 6;  // of an IPv4 network, the smallest of all
    const auto count = in.number<std::uint32_t>();
    if (count > in.left() / least_size) return in.wrong();
    values.reserve(count);
    for (std::uint32_t i = 0; i < count && in.fine(); ++i)
        get(in, values.emplace_back());
}

}  // namespace garita::enforcer_link

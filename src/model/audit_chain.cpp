#include "model/audit_chain.hpp"

#include <algorithm>
#include <charconv>

namespace garita {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view purpose{"garita audit 1\0", 15};  ///< no other hash can stand for a row's
constexpr std::string_view cut_verb = "audit_pruned";
constexpr std::string_view cut_object = "audit";

void put_number(std::string& form, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        form += static_cast<char>(static_cast<unsigned char>(number >> static_cast<unsigned>(shift)));
}

void put_text(std::string& form, std::string_view text) {
    put_number(form, text.size());
    form += text;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take(std::string_view& text, std::string_view wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(wanted.size());
    return true;
}

}  // namespace

std::string to_hex(const AuditHash& hash) {
    std::string hex;
    hex.reserve(hash.size() * 2);
    for (const unsigned byte : hash)
        (hex += hex_digits[byte >> 4U]) += hex_digits[byte & 15U];
    return hex;
}

std::optional<AuditHash> parse_audit_hash(std::string_view hex) {
    AuditHash hash{};
    if (hex.size() != hash.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const auto high = hex_digits.find(hex[2 * i]);
        const auto low = hex_digits.find(hex[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        hash[i] = static_cast<std::uint8_t>(high << 4U | low);
    }
    return hash;
}

AuditHead head_of(const AuditRow& row) {
    return {row.seq, row.hash, row.at};
}

std::string canonical_form(const AuditRow& row) {
    std::string form;
    form.reserve(256 + row.detail.size());
    form += purpose;
    form.append(row.prev.begin(), row.prev.end());
    put_number(form, static_cast<std::uint64_t>(row.seq));
    put_number(form, static_cast<std::uint64_t>(to_micros(row.at)));
    for (const auto* text :
         {&row.by_kind, &row.by_name, &row.by_channel, &row.by_role, &row.verb, &row.object, &row.detail})
        put_text(form, *text);
    return form;
}

AuditRow chained(const AuditEntry& entry, const AuditHead& head, AuditHashFunction hash) {
    AuditRow row;
    row.seq = head.seq + 1;
    row.at = entry.at;
    row.by_kind = to_text(entry.actor.kind);
    row.by_name = entry.actor.name;
    row.by_channel = entry.actor.channel;
    row.by_role = to_text(entry.actor.role);
    row.verb = entry.verb;
    row.object = entry.object;
    row.detail = entry.detail;
    row.prev = head.hash;
    row.hash = hash(canonical_form(row));
    return row;
}

AuditEntry entry_of(const AuditCut& cut, Time now) {
    AuditEntry entry;
    entry.at = now;
    entry.actor = {Actor::Kind::system, "retention", "", Role::administrator};
    entry.verb = cut_verb;
    entry.object = cut_object;
    entry.detail = "up to row " + std::to_string(cut.up_to) + " (hash " + to_hex(cut.hash) +
                   "), older than " + std::to_string(to_micros(cut.older_than)) + " us, " +
                   to_iso8601(cut.older_than);
    return entry;
}

std::optional<AuditCut> cut_of(const AuditRow& row) {
    if (row.verb != cut_verb || row.object != cut_object || row.by_kind != to_text(Actor::Kind::system))
        return std::nullopt;
    std::string_view text = row.detail;
    if (!take(text, "up to row ")) return std::nullopt;
    const auto up_to = take_number(text);
    if (!up_to || !take(text, " (hash ")) return std::nullopt;
    const auto hash = parse_audit_hash(text.substr(0, 64));
    if (!hash) return std::nullopt;
    text.remove_prefix(64);
    if (!take(text, "), older than ")) return std::nullopt;
    const auto older_than = take_number(text);
    if (!older_than) return std::nullopt;
    return AuditCut{*up_to, *hash, from_micros(*older_than)};
}

}  // namespace garita

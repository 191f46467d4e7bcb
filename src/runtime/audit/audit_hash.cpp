#include "runtime/audit/audit_hash.hpp"

#include <algorithm>
#include <stdexcept>

#include <sodium.h>

#include "runtime/json/text.hpp"

namespace garita::runtime::audit {
namespace {

constexpr std::size_t longest_text = 4096;

bool is_plain(std::string_view text) {
    return text.size() <= longest_text &&
           std::all_of(text.begin(), text.end(), [](unsigned char byte) { return byte != 0 && byte < 0x80; });
}

void make_portable(std::string& text) {
    if (is_plain(text)) return;
    std::replace(text.begin(), text.end(), '\0', ' ');
    const auto clean = json::to_json_text(text, longest_text);
    text.assign(clean.data(), clean.size());
}

}  // namespace

AuditHash blake2b_256(std::string_view bytes) {
    static const bool ready = sodium_init() >= 0;  // chooses the instructions of this processor
    if (!ready) throw std::runtime_error("libsodium cannot be started");
    AuditHash hash{};
    static_assert(sizeof hash == crypto_generichash_BYTES);
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size(), nullptr, 0);
    return hash;
}

AuditRow next_row(AuditEntry entry, const AuditHead& head) {
    for (auto* text : {&entry.actor.name, &entry.actor.channel, &entry.verb, &entry.object, &entry.detail})
        make_portable(*text);
    return chained(entry, head, blake2b_256);
}

AuditRow next_row(AuditRow row, const AuditHead& head) {
    for (auto* text :
         {&row.by_kind, &row.by_name, &row.by_channel, &row.by_role, &row.verb, &row.object, &row.detail})
        make_portable(*text);
    row.seq = head.seq + 1;
    row.prev = head.hash;
    row.hash = blake2b_256(canonical_form(row));
    return row;
}

}  // namespace garita::runtime::audit

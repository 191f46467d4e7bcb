#include "runtime/audit/audit_json.hpp"

#include "runtime/json/writer.hpp"

namespace garita::runtime::audit {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t longest_line = 64 * 1024;

/// An actor's words as they stand.
struct ActorWords {
    std::string kind;
    std::string name;
    std::string channel;
    std::string role;
};

Result<ActorWords> actor_from_json(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ActorWords actor;
    actor.kind = in.text("kind", json::text_rule);
    actor.name = in.text("name", json::text_rule);
    actor.channel = in.text("channel", json::text_rule);
    actor.role = in.text("role", json::text_rule);
    return in.finish(std::move(actor));
}

AuditHash hash_from(json::Reader& in, std::string_view member) {
    const auto text = in.text(member, json::name_rule);
    const auto hash = parse_audit_hash(text);
    if (!hash) in.refuse(member, "not a hash: 64 hexadecimal digits in lower case");
    return hash.value_or(AuditHash{});
}

boost::json::value to_json(const AuditFault& fault) {
    return json::Writer()
        .number("seq", fault.seq)
        .time_if("at", fault.at)
        .text("what", to_text(fault.kind))
        .text("text", fault.text)
        .finish();
}

}  // namespace

boost::json::value to_json(const AuditRow& row) {
    return json::Writer()
        .number("seq", row.seq)
        .time("at", row.at)
        .value("actor", json::Writer()
                            .text("kind", row.by_kind)
                            .text("name", row.by_name)
                            .text("channel", row.by_channel)
                            .text("role", row.by_role)
                            .finish())
        .text("verb", row.verb)
        .text("object", row.object)
        .text("detail", row.detail)
        .text("prev", to_hex(row.prev))
        .text("hash", to_hex(row.hash))
        .finish();
}

boost::json::value to_json(const AuditHead& head) {
    return json::Writer()
        .number("seq", head.seq)
        .text("hash", to_hex(head.hash))
        .time("at", head.at)
        .finish();
}

boost::json::value to_json(const AuditVerdict& verdict) {
    json::Writer out;
    out.value("proven", !verdict.fault)
        .number("rows", verdict.rows)
        .number("first", verdict.first)
        .value("head", to_json(verdict.head))
        .number("heads_equal", verdict.heads_equal);
    if (verdict.gaps > 0) out.number("gaps", verdict.gaps);
    if (verdict.cut)
        out.value("pruned", json::Writer()
                                .number("up_to", verdict.cut->up_to)
                                .time("older_than", verdict.cut->older_than)
                                .finish());
    if (verdict.fault) out.value("broken", to_json(*verdict.fault));
    return out.finish();
}

Result<AuditRow> audit_row_from_json(const boost::json::value& value, std::string_view where,
                                     json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    AuditRow row;
    row.seq = in.integer("seq", 0, most);
    row.at = in.time("at");
    auto actor = in.object<ActorWords>("actor", actor_from_json);
    row.by_kind = std::move(actor.kind);
    row.by_name = std::move(actor.name);
    row.by_channel = std::move(actor.channel);
    row.by_role = std::move(actor.role);
    row.verb = in.text("verb", json::text_rule);
    row.object = in.text("object", json::text_rule);
    row.detail = in.text("detail", json::text_rule);
    row.prev = hash_from(in, "prev");
    row.hash = hash_from(in, "hash");
    return in.finish(std::move(row));
}

Result<AuditHead> audit_head_from_json(const boost::json::value& value, std::string_view where,
                                       json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    AuditHead head;
    head.seq = in.integer("seq", 0, most);
    head.hash = hash_from(in, "hash");
    head.at = in.time("at");
    return in.finish(head);
}

Result<AuditRow> parse_audit_line(std::string_view line) {
    const auto document = json::parse(line, "row", longest_line);
    if (!document) return tl::unexpected(document.error());
    return audit_row_from_json(*document);
}

}  // namespace garita::runtime::audit

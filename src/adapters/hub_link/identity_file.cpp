#include "adapters/hub_link/identity_file.hpp"

#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/tls/private_file.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_bytes = 64 * 1024;

boost::json::value to_json(const LinkCertificate& one) {
    return json::Writer()
        .text("certificate", one.certificate)
        .text("key", one.key.reveal())
        .time("issued_at", one.issued_at)
        .time("expires_at", one.expires_at)
        .finish();
}

Result<LinkCertificate> certificate_from(const boost::json::value& value, std::string_view where,
                                         json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    LinkCertificate one;
    one.certificate = in.text("certificate", json::text_rule);
    one.key = runtime::Secret(in.text("key", json::text_rule));
    one.issued_at = in.time("issued_at");
    one.expires_at = in.time("expires_at");
    return in.finish(std::move(one));
}

boost::json::value to_json(const Identity& identity) {
    json::Writer out;
    out.text("agent", identity.agent)
        .text_if("hub_pin", identity.hub_pin)
        .text("order_key", identity.order_key)
        .text("authority", identity.authority)
        .value("current", to_json(identity.current));
    if (identity.previous) out.value("previous", to_json(*identity.previous));
    return out.finish();
}

Result<Identity> identity_from(const boost::json::value& value, std::string_view where,
                               json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Identity identity;
    identity.agent = in.text("agent", json::name_rule);
    identity.hub_pin = in.text_or("hub_pin", json::line_rule, "");
    identity.order_key = in.text("order_key", json::name_rule);
    identity.authority = in.text("authority", json::text_rule);
    identity.current = in.object<LinkCertificate>("current", certificate_from);
    identity.previous = in.optional_object<LinkCertificate>("previous", certificate_from);
    return in.finish(std::move(identity));
}

Result<PendingKey> pending_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    PendingKey pending;
    pending.what_for = in.text("for", json::name_rule);
    pending.key = runtime::Secret(in.text("key", json::text_rule));
    return in.finish(std::move(pending));
}

}  // namespace

std::string encode(const IdentityFile& file) {
    json::Writer out;
    if (file.identity) out.value("identity", to_json(*file.identity));
    if (file.pending)
        out.value("pending", json::Writer()
                                 .text("for", file.pending->what_for)
                                 .text("key", file.pending->key.reveal())
                                 .finish());
    return json::serialize(out.finish());
}

Result<IdentityFile> decode_identity_file(std::string_view text) {
    const auto document = json::parse(text, "the agent's identity", most_bytes);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "", json::Unknown::ignore);
    IdentityFile file;
    file.identity = in.optional_object<Identity>("identity", identity_from);
    file.pending = in.optional_object<PendingKey>("pending", pending_from);
    return in.finish(std::move(file));
}

std::filesystem::path identity_path(const std::filesystem::path& state) {
    return state / "identity.json";
}

Result<IdentityFile> load_identity(const std::filesystem::path& path) {
    auto text = runtime::tls::read_small_file(path, most_bytes);
    if (!text && text.error().code == ErrorCode::not_found) return IdentityFile{};
    if (!text) return tl::unexpected(text.error());
    auto file = decode_identity_file(*text);
    runtime::wipe(*text);
    if (!file)
        return fail(ErrorCode::invalid, path.string() + " is damaged: " + file.error().text +
                                            "; remove it and enrol this host again");
    return file;
}

Result<void> save_identity(const std::filesystem::path& path, const IdentityFile& file) {
    auto text = encode(file);
    const auto written = runtime::tls::write_private_file(path, text + "\n");
    runtime::wipe(text);
    return written;
}

}  // namespace garita::hub_link

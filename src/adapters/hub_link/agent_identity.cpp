#include "adapters/hub_link/agent_identity.hpp"

#include <algorithm>

#include "runtime/tls/client_key.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace tls = runtime::tls;
namespace {

constexpr std::string_view renewal = "renewal";

}  // namespace

AgentIdentity::AgentIdentity(std::filesystem::path file, EnrolmentTask task)
    : path_(std::move(file)), task_(std::move(task)) {}

Result<std::unique_ptr<AgentIdentity>> AgentIdentity::open(std::filesystem::path file, EnrolmentTask task) {
    std::unique_ptr<AgentIdentity> made(new AgentIdentity(std::move(file), std::move(task)));
    const std::lock_guard lock(made->mutex_);
    if (const auto looked = made->look_at_file(); !looked) return tl::unexpected(looked.error());
    if (!made->shown_ && made->task_.code.empty())
        return fail(ErrorCode::not_found, "this host is not enrolled: run `garita enroll " +
                                              made->task_.name +
                                              "` on the hub, and here the command that it prints");
    return made;
}

/// Takes up what is on disk, if it is not what was seen last.
Result<void> AgentIdentity::look_at_file() {
    std::error_code none;
    const auto changed = std::filesystem::last_write_time(path_, none);
    if (none || (shown_ && changed == seen_)) return {};
    auto file = load_identity(path_);
    if (!file) return tl::unexpected(file.error());
    if (const auto adopted = adopt(std::move(*file)); !adopted) return adopted;
    seen_ = changed;
    return {};
}

Result<void> AgentIdentity::adopt(IdentityFile file) {
    if (file.identity) {
        const auto& identity = *file.identity;
        if (identity.agent != task_.name)
            return fail(ErrorCode::conflict,
                        "this host is enrolled as " + identity.agent + ", and agent.name says " + task_.name +
                            ": correct the name, or remove " + path_.string() + " and enrol it again");
        const auto orders = runtime::VerifyingKey::parse(identity.order_key);
        if (!orders) return tl::unexpected(orders.error());
        auto shown = std::make_shared<Credentials>();
        *shown = {identity.agent, identity.current.certificate, identity.current.key, *orders, task_.pin,
                  ++version_};
        if (!shown->pin && !identity.hub_pin.empty()) {
            const auto pin = tls::parse_fingerprint(identity.hub_pin);
            if (!pin) return tl::unexpected(pin.error());
            shown->pin = *pin;
        }
        shown_ = std::move(shown);
    }
    file_ = std::move(file);
    return {};
}

Result<void> AgentIdentity::save(IdentityFile file) {
    if (const auto saved = save_identity(path_, file); !saved) return saved;
    std::error_code ignored;
    seen_ = std::filesystem::last_write_time(path_, ignored);
    return adopt(std::move(file));
}

Result<std::shared_ptr<const Credentials>> AgentIdentity::credentials() {
    const std::lock_guard lock(mutex_);
    if (const auto looked = look_at_file(); !looked) return tl::unexpected(looked.error());
    if (!shown_)
        if (const auto enrolled = enrol_now(); !enrolled) return tl::unexpected(enrolled.error());
    return shown_;
}

Result<void> AgentIdentity::enrol_now() {
    auto options = client_for(task_);
    if (!options) return tl::unexpected(options.error());
    const auto client = std::make_shared<http::Client>(std::move(*options));
    {
        const std::lock_guard lock(client_mutex_);
        if (cancelled_) return fail(ErrorCode::unavailable, "the agent is stopping", Retry::later);
        client_ = client;
    }
    const auto identity = enrol(path_, task_, *client);
    {
        const std::lock_guard lock(client_mutex_);
        client_.reset();
    }
    if (!identity)
        return fail(identity.error().code, "not enrolled yet: " + identity.error().text, Retry::later);
    return look_at_file();
}

void AgentIdentity::cancel() {
    const std::lock_guard lock(client_mutex_);
    cancelled_ = true;
    if (client_) client_->cancel();
}

void AgentIdentity::proved(const Credentials& shown) {
    const std::lock_guard lock(mutex_);
    if (!file_.identity || !file_.identity->previous || shown.version != version_) return;
    auto file = file_;
    file.identity->previous.reset();
    (void)save(std::move(file));  // not saved: it is dropped another time
}

bool AgentIdentity::another_than(const Credentials& refused) {
    const std::lock_guard lock(mutex_);
    if (!look_at_file()) return false;
    if (refused.version != version_) return true;
    if (!file_.identity || !file_.identity->previous) return false;
    auto file = file_;
    file.identity->current = *file.identity->previous;
    file.identity->previous.reset();
    return save(std::move(file)).has_value();
}

std::optional<Duration> AgentIdentity::until_renewal(Time hub_now) {
    const std::lock_guard lock(mutex_);
    if (!file_.identity || hub_now >= file_.identity->current.expires_at) return std::nullopt;
    const auto& current = file_.identity->current;
    return current.expires_at - (current.expires_at - current.issued_at) / 3 - hub_now;
}

Result<std::optional<std::string>> AgentIdentity::renewal_due(Time hub_now) {
    const std::lock_guard lock(mutex_);
    if (!file_.identity) return std::nullopt;
    const auto& current = file_.identity->current;
    const auto lifetime = current.expires_at - current.issued_at;
    if (current.expires_at - hub_now > lifetime / 3 || hub_now >= current.expires_at) return std::nullopt;
    if (!file_.pending || file_.pending->what_for != renewal) {
        auto key = tls::make_client_key();
        if (!key) return tl::unexpected(key.error());
        auto file = file_;
        file.pending = PendingKey{std::string(renewal), std::move(*key)};
        if (const auto saved = save_identity(path_, file); !saved) return tl::unexpected(saved.error());
        std::error_code ignored;
        seen_ = std::filesystem::last_write_time(path_, ignored);
        file_ = std::move(file);
    }
    return tls::make_certificate_request(file_.pending->key, task_.name).map([](const std::string& pem) {
        return std::optional(encode_certificate_request(pem));
    });
}

Result<void> AgentIdentity::take_renewal(const NextCertificate& next) {
    const std::lock_guard lock(mutex_);
    if (!file_.identity || !file_.pending || file_.pending->what_for != renewal)
        return fail(ErrorCode::conflict, "nobody asked for this certificate");
    auto file = file_;
    file.identity->previous = file.identity->current;
    file.identity->current = {next.certificate, file.pending->key, next.issued_at, next.expires_at};
    file.pending.reset();
    return save(std::move(file));
}

}  // namespace garita::hub_link

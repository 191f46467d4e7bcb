// Who is who, and who is let in. What administrators ask for is in agent_admission.cpp.

#include "adapters/hub_link/agent_registry.hpp"

#include "adapters/hub_link/admission_text.hpp"
#include "adapters/hub_link/enrolment_code.hpp"
#include "decide/settlement.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {
namespace tls = runtime::tls;
namespace {

/// A line of certificates grows by so many in a lifetime at most, whatever an agent asks for.
constexpr int renewals_in_a_lifetime = 20;

tl::unexpected<Error> no_longer(const AgentCertificate& one) {
    return fail(ErrorCode::forbidden, one.device + ": its certificate was ended: " + one.revoked_because +
                                          "; " + how_to_enrol(one.device));
}

}  // namespace

AgentRegistry::AgentRegistry(store::Store& store, const tls::Authority& authority, HubIdentity hub,
                             AgentRegistryOptions options)
    : store_(store), authority_(authority), hub_(std::move(hub)), options_(std::move(options)) {}

Result<std::string> AgentRegistry::identify(const runtime::http::Peer& peer, Time now) {
    if (peer.certificate.empty())
        return fail(ErrorCode::forbidden, "no certificate of an agent was shown; " + how_to_enrol("NAME"));
    std::optional<AgentCertificate> found;
    bool shut_out = false;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        found = view.find_certificate(peer.certificate);
        const auto device = found ? view.find_device(found->device) : std::nullopt;
        shut_out = !device || device->revoked_at;
        return {};
    });
    if (!seen)
        return fail(ErrorCode::unavailable,
                    "the hub cannot look up which certificates are revoked: " + seen.error().text,
                    Retry::later);
    if (!found)
        return fail(ErrorCode::forbidden,
                    "this hub's store does not know the certificate; " + how_to_enrol("NAME"));
    if (found->revoked_at) return no_longer(*found);
    if (now >= found->expires_at)
        return fail(ErrorCode::forbidden, found->device + ": its certificate ended at " +
                                              to_iso8601(found->expires_at) + "; " +
                                              how_to_enrol(found->device));
    if (shut_out)
        return fail(ErrorCode::forbidden, found->device + " is revoked; " + how_to_enrol(found->device));
    if (!found->first_used_at)
        if (const auto begun = begin_use(found->key, now); !begun) return tl::unexpected(begun.error());
    return found->device;
}

/// From now on this certificate is the one of its name.
Result<void> AgentRegistry::begin_use(const std::string& key, Time now) {
    const auto written = store_.write([&](Tx& tx) -> Result<void> {
        auto mine = tx.find_certificate(key);
        if (!mine) return fail(ErrorCode::forbidden, "this hub's store does not know the certificate");
        if (mine->revoked_at) return no_longer(*mine);
        mine->first_used_at = now;
        tx.put_certificate(*mine);
        for (auto& other : tx.certificates_of(mine->device)) {
            if (other.key == key || !other.valid(now)) continue;
            other.revoked_at = now;
            other.revoked_because =
                "another one, of " + to_iso8601(mine->issued_at).substr(0, 19) + "Z, has taken its place";
            tx.put_certificate(other);
        }
        return {};
    });
    if (written || written.error().code == ErrorCode::forbidden) return written;
    return fail(ErrorCode::unavailable, "the hub cannot note the certificate: " + written.error().text,
                Retry::later);
}

Result<EnrolAnswer> AgentRegistry::enrol(const EnrolRequest& request, const std::string& address, Time now) {
    if (!wrong_.may_try(address, now))
        return fail(ErrorCode::full, "too many wrong codes from " + address + "; wait a minute",
                    Retry::later);
    const auto asked = tls::CertificateRequest::parse(request.request);
    if (!asked) return tl::unexpected(asked.error());
    AgentCertificate given;
    const auto written = store_.write([&](Tx& tx) -> Result<void> {
        auto admitted = admit(tx, request, *asked, now);
        if (!admitted) return tl::unexpected(admitted.error());
        given = std::move(*admitted);
        return {};
    });
    if (!written && written.error().code == ErrorCode::forbidden) {
        wrong_.count(address, now);
        if (const auto noted = note_refusal(request, address, written.error().text, now); !noted)
            return tl::unexpected(noted.error());
    }
    if (!written) return tl::unexpected(written.error());
    return EnrolAnswer{given.device,   given.pem,       authority_.pem(), to_text(hub_.pin),
                       hub_.order_key, given.issued_at, given.expires_at};
}

Result<AgentCertificate> AgentRegistry::admit(Tx& tx, const EnrolRequest& request,
                                              const tls::CertificateRequest& asked, Time now) {
    if (!request.name.empty() && !is_device_name(request.name))
        return fail(ErrorCode::invalid, not_a_device_name(request.name));
    return request.kind == EnrolRequest::Kind::one_time ? admit_by_ticket(tx, request, asked, now)
                                                        : admit_by_configuration(tx, request, asked, now);
}

Result<AgentCertificate> AgentRegistry::admit_by_ticket(Tx& tx, const EnrolRequest& request,
                                                        const tls::CertificateRequest& asked, Time now) {
    const auto hash = hash_of(request.code.reveal());
    std::optional<EnrolmentCode> code;
    for (auto& one : tx.enrolment_codes())  // all of them, so that time tells nothing
        if (runtime::same_bytes(one.hash, hash)) code = std::move(one);
    if (!code)
        return fail(
            ErrorCode::forbidden,
            "this hub has given no such code, or has given a later one since; " + how_to_enrol("NAME"));
    if (!request.name.empty() && request.name != code->device)
        return fail(ErrorCode::forbidden, "the code is for " + code->device + ", not for " + request.name);
    const auto key = to_text(asked.key());
    if (code->used_at && code->used_by != key)
        return fail(ErrorCode::forbidden, "the code was used already, by another key, at " +
                                              to_iso8601(*code->used_at) + ": if that was not you, revoke " +
                                              code->device + "; " + how_to_enrol(code->device));
    if (now >= code->expires_at)
        return fail(ErrorCode::forbidden,
                    "the code ended at " + to_iso8601(code->expires_at) + "; " + how_to_enrol(code->device));
    if (code->used_at) {
        const auto given = tx.find_certificate(key);
        if (given && given->device == code->device && given->valid(now)) return *given;
        return fail(ErrorCode::forbidden,
                    "what the code was used for is over; " + how_to_enrol(code->device));
    }
    auto given = certify(tx, code->device, asked, now);
    if (!given) return given;
    code->used_at = now;
    code->used_by = key;
    tx.put_enrolment_code(*code);
    decide::readmit_device(tx, code->device, now);
    (void)tx.add_audit({0, now, agent_actor(code->device), "agent_enrolled", object_of_agent(code->device),
                        "by the code of " + code->author + ", certificate " + given->serial});
    return given;
}

Result<AgentCertificate> AgentRegistry::admit_by_configuration(Tx& tx, const EnrolRequest& request,
                                                               const tls::CertificateRequest& asked,
                                                               Time now) {
    const auto known = options_.pre_shared.find(request.name);
    if (known == options_.pre_shared.end() || !known->second.matches(request.code.reveal()))
        return fail(ErrorCode::forbidden,
                    "unknown name or wrong code: the hub's configuration lists agents under `agents:` with "
                    "their code; or " +
                        how_to_enrol("NAME"));
    const auto key = to_text(asked.key());
    for (const auto& earlier : tx.certificates_of(request.name))
        if (earlier.key == key && earlier.valid(now)) return earlier;
    const auto device = tx.find_device(request.name);
    if (!tx.certificates_of(request.name).empty() || (device && device->revoked_at))
        return fail(ErrorCode::forbidden,
                    request.name +
                        " was enrolled before, and the code of the configuration is for the first "
                        "time only; " +
                        how_to_enrol(request.name));
    auto given = certify(tx, request.name, asked, now);
    if (given)
        (void)tx.add_audit({0, now, agent_actor(request.name), "agent_enrolled",
                            object_of_agent(request.name),
                            "by the code of the configuration, certificate " + given->serial});
    return given;
}

Result<AgentCertificate> AgentRegistry::certify(Tx& tx, const std::string& device,
                                                const tls::CertificateRequest& asked, Time now) {
    const auto key = to_text(asked.key());
    if (tx.find_certificate(key))
        return fail(ErrorCode::forbidden, "this key has a certificate already: make a new one");
    auto issued = authority_.issue(asked, device, now, options_.lifetime);
    if (!issued) return tl::unexpected(issued.error());
    AgentCertificate given;
    given.key = key;
    given.device = device;
    given.serial = issued->serial;
    given.pem = std::move(issued->pem);
    given.issued_at = now;
    given.expires_at = issued->expires_at;
    tx.put_certificate(given);
    if (!tx.find_device(device)) {
        Device fresh;
        fresh.name = device;
        decide::record_device(tx, fresh, now);
    }
    return given;
}

Result<NextCertificate> AgentRegistry::renew(const std::string& device, std::string_view request, Time now) {
    const auto asked = tls::CertificateRequest::parse(request);
    if (!asked) return tl::unexpected(asked.error());
    AgentCertificate given;
    const auto written = store_.write([&](Tx& tx) -> Result<void> {
        const auto all = tx.certificates_of(device);
        const auto key = to_text(asked->key());
        for (const auto& earlier : all)
            if (earlier.key == key && earlier.valid(now)) return given = earlier, Result<void>();
        if (!all.empty() && now - all.front().issued_at < options_.lifetime / renewals_in_a_lifetime)
            return fail(ErrorCode::full, device + " got a certificate a short time ago", Retry::later);
        auto next = certify(tx, device, *asked, now);
        if (!next) return tl::unexpected(next.error());
        given = std::move(*next);
        (void)tx.add_audit({0, now, agent_actor(device), "agent_certificate", object_of_agent(device),
                            "the next one, " + given.serial + ", until " + to_iso8601(given.expires_at)});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return NextCertificate{given.pem, given.issued_at, given.expires_at};
}

Result<void> AgentRegistry::note_refusal(const EnrolRequest& request, const std::string& address,
                                         const std::string& why, Time now) {
    return store_.write([&](Tx& tx) -> Result<void> {
        const Actor stranger{Actor::Kind::system, address, "agent", Role::viewer};
        const auto object = is_device_name(request.name) ? object_of_agent(request.name) : "agent";
        (void)tx.add_audit({0, now, stranger, "agent_refused", object, why});
        return {};
    });
}

}  // namespace garita::hub_link

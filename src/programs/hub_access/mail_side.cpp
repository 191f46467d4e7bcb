// The part of access_setup.hpp that is about letters coming in.

#include "model/mail_identity.hpp"
#include "programs/hub_access/access_setup.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::programs {
namespace {

mail_proof::Window window_of(const runtime::AccessProofConfig& proof) {
    mail_proof::Window window;
    window.oldest = proof.oldest;
    return window;
}

}  // namespace

Result<mailbox::MailboxServer> mailbox_of(const runtime::AccessMailboxConfig& config) {
    using From = runtime::AccessMailboxConfig;
    using To = mailbox::MailboxServer;
    To server;
    server.host = config.server;
    server.port = config.port;
    server.protocol = config.protocol == From::Protocol::imap ? To::Protocol::imap : To::Protocol::pop3;
    server.security = config.security == From::Security::tls        ? To::Security::tls
                      : config.security == From::Security::starttls ? To::Security::starttls
                                                                    : To::Security::none;
    server.user = config.user;
    server.password = config.password;
    server.ca_file = config.ca;
    server.folder = config.folder;
    server.after = config.after == From::After::mark ? To::After::mark : To::After::remove;
    server.timeout = config.timeout;
    if (!config.pin.empty()) {
        const auto pin = runtime::tls::parse_fingerprint(config.pin);
        if (!pin) return tl::unexpected(pin.error());
        server.pin = *pin;
    }
    return server;
}

access::ReceptionSettings reception_of(const runtime::AccessMailboxConfig& config) {
    access::ReceptionSettings settings;
    const auto* const kind =
        config.protocol == runtime::AccessMailboxConfig::Protocol::imap ? "imap " : "pop3 ";
    settings.mailbox = kind + config.user + '@' + config.server + ' ' + config.folder;
    settings.every = config.every;
    return settings;
}

mailbox::ReadingRules reading_of(const runtime::HubConfig& config,
                                 const runtime::AccessMailboxConfig& mailbox) {
    mailbox::ReadingRules rules;
    if (config.mail)
        if (const auto from = parse_mail_address(config.mail->from)) rules.own_addresses.push_back(*from);
    if (const auto user = parse_mail_address(mailbox.user)) rules.own_addresses.push_back(*user);
    return rules;
}

access::LetterRules letter_rules(const runtime::HubConfig& config, const runtime::AccessProofConfig& proof) {
    access::LetterRules rules;
    rules.people = config.people;
    rules.code = proof.code ? access::LetterRules::Code::wanted : access::LetterRules::Code::not_wanted;
    return rules;
}

Result<ProofLadder::Rungs> rungs_of(const runtime::AccessProofConfig& proof,
                                    const std::filesystem::path& state) {
    ProofLadder::Rungs rungs;
    rungs.window = window_of(proof);
    if (!proof.openpgp_keys.empty()) {
        auto openpgp = mail_proof::OpenPgpVerifier::open(state / "gnupg", proof.openpgp_keys);
        if (!openpgp) return tl::unexpected(openpgp.error());
        rungs.openpgp = *std::move(openpgp);
    }
    if (proof.dkim) {
        mail_proof::DkimSettings settings;
        settings.key_file = proof.keys_file;
        settings.parents = proof.parents;
        settings.window = rungs.window;
        auto dkim = mail_proof::DkimVerifier::open(settings);
        if (!dkim) return tl::unexpected(dkim.error());
        rungs.dkim = *std::move(dkim);
    }
    if (!proof.authentication_results.empty())
        rungs.server = mail_proof::TrustedServer{proof.authentication_results, rungs.window};
    return rungs;
}

}  // namespace garita::programs

#include "adapters/mail_proof/openpgp.hpp"

#include <algorithm>
#include <fstream>
#include <gpgme.h>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <sys/stat.h>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/signed_part.hpp"
#include "model/mail_identity.hpp"

namespace garita::mail_proof {

namespace {

struct ContextEnd {
    void operator()(gpgme_ctx_t context) const { gpgme_release(context); }
};
using Context = std::unique_ptr<std::remove_pointer_t<gpgme_ctx_t>, ContextEnd>;
struct DataEnd {
    void operator()(gpgme_data_t data) const { gpgme_data_release(data); }
};
using Data = std::unique_ptr<std::remove_pointer_t<gpgme_data_t>, DataEnd>;
struct KeyEnd {
    void operator()(gpgme_key_t key) const { gpgme_key_unref(key); }
};
using Key = std::unique_ptr<std::remove_pointer_t<gpgme_key_t>, KeyEnd>;

tl::unexpected<Error> no_proof(const std::string& why) {
    return fail(ErrorCode::forbidden, "OpenPGP: " + why);
}

std::string text_of(gpgme_error_t error) {
    return gpgme_strerror(error);
}

/// A dialogue with GnuPG in that home.
Result<Context> context_in(const std::string& home) {
    static const bool ready = gpgme_check_version("1.18.0") != nullptr;
    if (!ready) return fail(ErrorCode::unavailable, "OpenPGP: GPGME is too old");
    gpgme_ctx_t raw = nullptr;
    if (const auto error = gpgme_new(&raw)) return fail(ErrorCode::unavailable, "OpenPGP: " + text_of(error));
    Context context(raw);
    auto error = gpgme_set_protocol(raw, GPGME_PROTOCOL_OpenPGP);
    if (!error) error = gpgme_ctx_set_engine_info(raw, GPGME_PROTOCOL_OpenPGP, nullptr, home.c_str());
    if (!error) error = gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP);
    if (error) return fail(ErrorCode::unavailable, "OpenPGP: GnuPG cannot be run: " + text_of(error));
    (void)gpgme_set_offline(raw, 1);
    return context;
}

Data data_of(std::string_view text) {
    gpgme_data_t data = nullptr;
    if (gpgme_data_new_from_mem(&data, text.data(), text.size(), 1) != GPG_ERR_NO_ERROR) return nullptr;
    return Data(data);
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

bool make_home(const std::filesystem::path& home) {
    std::error_code error;
    std::filesystem::create_directories(home, error);
    if (error || ::chmod(home.c_str(), S_IRWXU) != 0) return false;
    std::ofstream settings(home / "gpg.conf", std::ios::trunc);
    settings << "no-auto-key-retrieve\nno-auto-key-locate\nno-auto-key-import\ndisable-dirmngr\n"
                "trust-model always\nno-autostart\n";
    return static_cast<bool>(settings.flush());
}

/// The key's own fingerprint, also of a signature by a subkey.
std::string primary_of(gpgme_ctx_t context, const char* fingerprint) {
    gpgme_key_t raw = nullptr;
    if (fingerprint == nullptr || gpgme_get_key(context, fingerprint, &raw, 0) != GPG_ERR_NO_ERROR) return {};
    const Key key(raw);
    const bool usable = !key->revoked && !key->expired && !key->disabled && !key->invalid;
    if (!usable || key->fpr == nullptr) return {};
    return parse_key_fingerprint("openpgp:" + std::string(key->fpr)).value_or("");
}

bool is_strong(gpgme_hash_algo_t hash) {
    return hash == GPGME_MD_SHA256 || hash == GPGME_MD_SHA384 || hash == GPGME_MD_SHA512;
}

Result<access::Proof> proof_of(gpgme_ctx_t context, const _gpgme_signature& signature,
                               const std::vector<std::string>& keys, const Window& window, Time now) {
    if (gpgme_err_code(signature.status) != GPG_ERR_NO_ERROR)
        return no_proof("the signature is wrong: " + text_of(signature.status));
    if (signature.wrong_key_usage || !is_strong(signature.hash_algo))
        return no_proof("the key is not for signing, or the signature's digest counts no more");
    auto key = primary_of(context, signature.fpr);
    if (key.empty() || std::find(keys.begin(), keys.end(), key) == keys.end())
        return no_proof("signed by nobody who is known");
    const Time at{std::chrono::seconds{signature.timestamp}};
    if (!window.holds(at, now)) return no_proof("the letter was not signed just now");
    access::Proof proof;
    proof.kind = access::Proof::Kind::openpgp;
    proof.by = std::move(key);
    proof.signed_at = at;
    return proof;
}

}  // namespace

Result<OpenPgpVerifier> OpenPgpVerifier::open(const std::filesystem::path& home,
                                              const std::vector<std::filesystem::path>& key_files) {
    if (!make_home(home)) return fail(ErrorCode::io, "OpenPGP: cannot write in " + home.string());
    const auto context = context_in(home.string());
    if (!context) return tl::unexpected(context.error());
    for (const auto& path : key_files) {
        const auto text = read_file(path);
        if (!text) return fail(ErrorCode::io, "OpenPGP: cannot read the key " + path.string());
        const auto data = data_of(*text);
        const auto error = gpgme_op_import(context->get(), data.get());
        const auto* result = error ? nullptr : gpgme_op_import_result(context->get());
        if (result == nullptr || result->considered == 0 || result->secret_read > 0)
            return fail(ErrorCode::io, "OpenPGP: no public key in " + path.string());
    }
    return OpenPgpVerifier(home.string());
}

Result<access::Proof> OpenPgpVerifier::verify(std::string_view raw, const std::vector<std::string>& keys,
                                              const Window& window, Time now) const {
    const auto text = access::with_mail_line_ends(raw);
    const auto part = signed_part(text, "application/pgp-signature");
    if (!part) return no_proof("the letter as a whole is not signed");
    const auto context = context_in(home_);
    if (!context) return tl::unexpected(context.error());
    const auto signature = data_of(part->signature);
    const auto content = data_of(part->content);
    if (const auto error = gpgme_op_verify(context->get(), signature.get(), content.get(), nullptr))
        return no_proof("the signature cannot be read: " + text_of(error));
    const auto* result = gpgme_op_verify_result(context->get());
    if (result == nullptr || result->signatures == nullptr) return no_proof("there is no signature");
    if (result->signatures->next != nullptr) return no_proof("there are several signatures");
    auto proof = proof_of(context->get(), *result->signatures, keys, window, now);
    if (!proof) return proof;
    proof->once = std::string(result->signatures->fpr) + '@' + std::to_string(result->signatures->timestamp);
    proof->signed_part = std::string(part->content);
    return proof;
}

}  // namespace garita::mail_proof

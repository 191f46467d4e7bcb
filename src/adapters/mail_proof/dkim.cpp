#include "adapters/mail_proof/dkim.hpp"

#include <array>
#include <fstream>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <resolv.h>
#include <utility>

#include <arpa/nameser.h>
#include <netinet/in.h>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/dkim_tags.hpp"
#include "adapters/mail_proof/opendkim.hpp"
#include "decide/foreign_text.hpp"

namespace garita::mail_proof {

namespace {

constexpr std::size_t most_signatures = 8;
constexpr unsigned dns_seconds = 10;

tl::unexpected<Error> no_proof(std::string why) {
    return fail(ErrorCode::forbidden, "DKIM: " + std::move(why));
}

unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

struct MessageEnd {
    void operator()(DKIM* message) const { dkim_free(message); }
};
using Message = std::unique_ptr<DKIM, MessageEnd>;

struct LibraryEnd {
    void operator()(DKIM_LIB* library) const { dkim_close(library); }
};

/// All fields, but of signatures only this one.
DKIM_STAT feed(DKIM* message, const access::LetterFields& letter, const access::LetterField& signature) {
    for (const auto& field : letter.fields) {
        if (field.name == "dkim-signature" && &field != &signature) continue;
        std::string raw(field.raw);
        if (const auto status = dkim_header(message, bytes(raw), raw.size()); status != DKIM_STAT_OK)
            return status;
    }
    if (const auto status = dkim_eoh(message); status != DKIM_STAT_OK) return status;
    std::string body(letter.body);
    return body.empty() ? DKIM_STAT_OK : dkim_body(message, bytes(body), body.size());
}

DKIM_SIGINFO* only_signature(DKIM* message) {
    DKIM_SIGINFO** all = nullptr;
    int count = 0;
    const bool known = dkim_getsiglist(message, &all, &count) == DKIM_STAT_OK && count == 1;
    return known ? all[0] : nullptr;
}

/// The name servers say that there is no such key. The library does not tell this from silence.
bool is_absent(const DkimTags& tags) {
    struct __res_state state {};
    if (::res_ninit(&state) != 0) return false;
    const auto name = tags.selector + "._domainkey." + tags.domain;
    std::array<unsigned char, 4096> answer{};
    const int size = ::res_nquery(&state, name.c_str(), ns_c_in, ns_t_txt, answer.data(), answer.size());
    const int why = state.res_h_errno;
    ::res_nclose(&state);
    return size < 0 && (why == HOST_NOT_FOUND || why == NO_DATA);
}

}  // namespace

struct DkimVerifier::Library {
    std::unique_ptr<DKIM_LIB, LibraryEnd> handle{dkim_init(nullptr, nullptr)};
    std::mutex mutex;

    bool set(dkim_opts_t option, void* value, std::size_t size) const {
        return dkim_options(handle.get(), DKIM_OP_SETOPT, option, value, size) == DKIM_STAT_OK;
    }

    /// Nothing: the signature is right; else why not.
    std::optional<Error> check(const access::LetterFields& letter, const access::LetterField& signature) {
        const std::lock_guard lock(mutex);
        DKIM_STAT status = DKIM_STAT_OK;
        std::string id = "letter";
        const Message message(dkim_verify(handle.get(), bytes(id), nullptr, &status));
        if (!message) return Error{ErrorCode::unavailable, "DKIM: the library has no memory", Retry::later};
        status = feed(message.get(), letter, signature);
        bool test_key = false;
        if (status == DKIM_STAT_OK) status = dkim_eom(message.get(), &test_key);
        auto* found = only_signature(message.get());
        const auto error = found == nullptr ? DKIM_SIGERROR_OK : dkim_sig_geterror(found);
        if (status == DKIM_STAT_KEYFAIL || error == DKIM_SIGERROR_KEYFAIL)
            return Error{ErrorCode::unavailable, "DKIM: the key cannot be asked for now", Retry::later};
        if (status != DKIM_STAT_OK || found == nullptr) {
            const char* why =
                error > DKIM_SIGERROR_OK ? dkim_sig_geterrorstr(error) : dkim_getresultstr(status);
            return Error{ErrorCode::forbidden, "DKIM: " + decide::clean_line(why == nullptr ? "wrong" : why)};
        }
        const auto flags = dkim_sig_getflags(found);
        if ((flags & DKIM_SIGFLAG_PASSED) == 0 || dkim_sig_getbh(found) != DKIM_SIGBH_MATCH)
            return Error{ErrorCode::forbidden, "DKIM: the letter was changed after it was signed"};
        if (test_key || (flags & DKIM_SIGFLAG_TESTKEY) != 0)
            return Error{ErrorCode::forbidden, "DKIM: the domain only tests its key (t=y)"};
        return std::nullopt;
    }
};

DkimVerifier::DkimVerifier(DkimSettings settings, std::shared_ptr<Library> library)
    : settings_(std::move(settings)), library_(std::move(library)) {}

Result<DkimVerifier> DkimVerifier::open(DkimSettings settings) {
    auto library = std::make_shared<Library>();
    if (!library->handle) return fail(ErrorCode::invalid, "libopendkim cannot be started");
    unsigned bits = settings.least_key_bits;
    unsigned seconds = dns_seconds;
    bool fine = library->set(DKIM_OPTS_MINKEYBITS, &bits, sizeof bits) &&
                library->set(DKIM_OPTS_TIMEOUT, &seconds, sizeof seconds);
    if (!settings.key_file.empty()) {
        if (!std::ifstream(settings.key_file))
            return fail(ErrorCode::io, "the file of DKIM keys cannot be read: " + settings.key_file);
        dkim_query_t method = DKIM_QUERY_FILE;
        std::string path = settings.key_file;
        fine = fine && library->set(DKIM_OPTS_QUERYMETHOD, &method, sizeof method) &&
               library->set(DKIM_OPTS_QUERYINFO, path.data(), path.size());
    }
    if (!fine) return fail(ErrorCode::invalid, "libopendkim does not take its settings");
    return DkimVerifier(std::move(settings), std::move(library));
}

Result<access::Proof> DkimVerifier::verify(std::string_view raw, const access::Letter& letter,
                                           Time now) const {
    const auto text = access::with_mail_line_ends(raw);
    const auto fields = access::split_letter(text);
    if (!fields) return tl::unexpected(fields.error());
    if (fields->count("dkim-signature") > most_signatures) return no_proof("there are too many signatures");
    Error last{ErrorCode::forbidden, "DKIM: nobody signed the letter"};
    for (const auto& field : fields->fields) {
        if (field.name != "dkim-signature") continue;
        const auto tags = parse_dkim_tags(field.value);
        if (!tags) {
            last = Error{ErrorCode::forbidden, "DKIM: " + tags.error().text};
            continue;
        }
        if (!may_sign_for(tags->domain, letter.from, settings_.parents)) {
            last = Error{ErrorCode::forbidden, "DKIM: signed by " + decide::clean_line(tags->domain) +
                                                   ", which does not answer for " + letter.from};
            continue;
        }
        if (const auto why = shortcoming(*tags, *fields)) {
            last = Error{ErrorCode::forbidden, "DKIM: " + *why};
            continue;
        }
        const auto at = tags->signed_at ? tags->signed_at : letter.sent;
        if (!at || !settings_.window.holds(*at, now) || letter.id.empty()) {
            last = Error{ErrorCode::forbidden, "DKIM: the letter was not signed just now, or has no name"};
            continue;
        }
        if (auto error = library_->check(*fields, field)) {
            last = std::move(*error);
            const bool asked = last.code == ErrorCode::unavailable && settings_.key_file.empty();
            if (asked && is_absent(*tags))
                last = Error{ErrorCode::forbidden, "DKIM: the domain has no such key"};
            continue;
        }
        return access::Proof{access::Proof::Kind::dkim, tags->domain, at, letter.id, {}};
    }
    return tl::unexpected(std::move(last));
}

}  // namespace garita::mail_proof

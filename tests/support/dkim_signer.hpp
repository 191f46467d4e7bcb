#pragma once
// Signs letters as OpenDKIM's milter does, by its library.

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/opendkim.hpp"

namespace garita::mail_proof {

struct DkimSigner {
    std::string domain = "example.org";
    std::string selector = "sel";
    std::string key = "key";  ///< PEM
    std::string skipped;      ///< a field that is not signed; empty: none
    ssize_t length = -1;      ///< of the body that is signed; -1: all
    std::int64_t at = 0;      ///< 0: now
    std::int64_t life = 0;    ///< seconds; 0: for ever

    [[nodiscard]] std::string sign(const std::string& letter) const {
        const std::unique_ptr<DKIM_LIB, decltype(&dkim_close)> library(dkim_init(nullptr, nullptr),
                                                                       dkim_close);
        set_options(library.get());
        DKIM_STAT status = DKIM_STAT_OK;
        auto name = selector;
        auto where = domain;
        auto pem = key;
        unsigned char id[] = "letter";
        const std::unique_ptr<DKIM, decltype(&dkim_free)> message(
            dkim_sign(library.get(), id, nullptr, bytes(pem), bytes(name), bytes(where), DKIM_CANON_RELAXED,
                      DKIM_CANON_RELAXED, DKIM_SIGN_RSASHA256, length, &status),
            dkim_free);
        must(message ? DKIM_STAT_OK : status);
        const auto fields = access::split_letter(letter);
        for (const auto& field : fields->fields) {
            std::string raw(field.raw);
            must(dkim_header(message.get(), bytes(raw), raw.size()));
        }
        must(dkim_eoh(message.get()));
        std::string body(fields->body);
        must(dkim_body(message.get(), bytes(body), body.size()));
        must(dkim_eom(message.get(), nullptr));
        unsigned char signature[4096];
        must(dkim_getsighdr(message.get(), signature, sizeof signature, 16));
        return access::with_mail_line_ends(
            "DKIM-Signature: " + std::string(reinterpret_cast<char*>(signature)) + "\r\n" + letter);
    }

  private:
    static unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
    static void must(DKIM_STAT status) {
        if (status != DKIM_STAT_OK) throw std::runtime_error(dkim_getresultstr(status));
    }
    void set_options(DKIM_LIB* library) const {
        const auto set = [&](dkim_opts_t option, auto value) {
            must(dkim_options(library, DKIM_OP_SETOPT, option, &value, sizeof value));
        };
        if (length >= 0) set(DKIM_OPTS_FLAGS, unsigned{DKIM_LIBFLAGS_SIGNLEN});
        if (at != 0) set(DKIM_OPTS_FIXEDTIME, static_cast<std::uint64_t>(at));
        if (life != 0) set(DKIM_OPTS_SIGNATURETTL, static_cast<std::uint64_t>(life));
        if (skipped.empty()) return;
        auto field = skipped;
        const unsigned char* names[] = {bytes(field), nullptr};
        must(dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_SKIPHDRS, names, sizeof(unsigned char**)));
    }
};

}  // namespace garita::mail_proof

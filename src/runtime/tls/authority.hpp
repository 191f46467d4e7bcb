#pragma once
// The hub's own small authority: it certifies the keys of agents and nothing else. Whoever has its key can
// speak as any agent; it never leaves the hub's state folder.

#include <memory>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/tls/fingerprint.hpp"
#include "runtime/tls/self_signed.hpp"

struct X509_req_st;

namespace garita::runtime::tls {

/// A request for a certificate whose signature was checked: the sender has the private key. Only its key
/// counts; which name goes with it is the hub's to say.
class CertificateRequest {
  public:
    /// At most 8 KiB of PEM, an EC P-256 key. Fails with `invalid`.
    [[nodiscard]] static Result<CertificateRequest> parse(std::string_view pem);
    ~CertificateRequest();
    CertificateRequest(CertificateRequest&& other) noexcept;
    CertificateRequest& operator=(CertificateRequest&& other) noexcept;

    [[nodiscard]] const Fingerprint& key() const { return key_; }
    [[nodiscard]] const X509_req_st* get() const { return request_.get(); }

  private:
    struct Deleter {
        void operator()(X509_req_st* request) const;
    };
    CertificateRequest(std::unique_ptr<X509_req_st, Deleter> request, const Fingerprint& key);

    std::unique_ptr<X509_req_st, Deleter> request_;
    Fingerprint key_;
};

struct IssuedCertificate {
    std::string pem;
    std::string serial;  ///< hexadecimal
    Fingerprint key;
    Time expires_at{};
};

class Authority {
  public:
    /// Loads it, or makes it where there is none yet: an EC P-256 key, files of mode 0600. A certificate
    /// whose key is gone is an error: a new authority would lock every agent out.
    [[nodiscard]] static Result<Authority> open(const KeyPaths& paths);
    ~Authority();
    Authority(Authority&& other) noexcept;
    Authority& operator=(Authority&& other) noexcept;

    /// For client authentication only, named `name`, valid from a little before `now` (clocks differ).
    [[nodiscard]] Result<IssuedCertificate> issue(const CertificateRequest& request, const std::string& name,
                                                  Time now, Duration lifetime) const;
    /// Its own certificate.
    [[nodiscard]] const std::string& pem() const;

  private:
    struct Parts;
    explicit Authority(std::unique_ptr<const Parts> parts);
    std::unique_ptr<const Parts> parts_;
};

}  // namespace garita::runtime::tls

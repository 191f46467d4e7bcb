#include "runtime/shell/ssh_shell.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <libssh/libssh.h>

#include "runtime/shell/connected_socket.hpp"

namespace garita::runtime {
namespace {

using Clock = std::chrono::steady_clock;

struct CloseSession {
    void operator()(ssh_session session) const {
        ssh_disconnect(session);
        ssh_free(session);
    }
};
using Session = std::unique_ptr<ssh_session_struct, CloseSession>;

struct FreeChannel {
    void operator()(ssh_channel channel) const {
        if (ssh_channel_is_open(channel) != 0) ssh_channel_close(channel);
        ssh_channel_free(channel);
    }
};
using Channel = std::unique_ptr<ssh_channel_struct, FreeChannel>;

struct FreeKey {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};
using Key = std::unique_ptr<ssh_key_struct, FreeKey>;

/// What libssh says, on one line.
std::string said(ssh_session session) {
    std::string text = ssh_get_error(session);
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text.empty() ? "no reason is told" : text;
}

class Opening {
  public:
    explicit Opening(const SshShellAccess& access) : access_(access), until_(Clock::now() + access.within) {}

    Result<void> connect() {
        auto socket = connect_within(access_.host, access_.port, access_.within);
        if (!socket) return tl::unexpected(socket.error());
        session_.reset(ssh_new());
        if (!session_ || !set_options(socket->get())) return fail(ErrorCode::io, "libssh refuses an option");
        (void)socket->release();  // libssh closes it
        if (const auto left = take_time(); !left) return left;
        if (ssh_connect(session_.get()) == SSH_OK) return {};
        const auto why = said(session_.get());
        if (why.find("no match") != std::string::npos)
            return away("no algorithm is known to both sides (" + why +
                        "); an old switch wants `algorithms: legacy`");
        return away(
            "no SSH connection (" + why +
            "); a switch whose lines are all taken closes it before its first word, and one that knows "
            "only old algorithms may close it before it says so: `algorithms: legacy`");
    }

    Result<std::string> fingerprint() {
        ssh_key raw = nullptr;
        if (ssh_get_server_publickey(session_.get(), &raw) != SSH_OK) return away("no host key was shown");
        const Key key(raw);
        unsigned char* hash = nullptr;
        std::size_t size = 0;
        if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK)
            return away("the host key has no hash");
        char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
        std::string out = text == nullptr ? "" : text;
        ssh_clean_pubkey_hash(&hash);
        ssh_string_free_char(text);
        return out;
    }

    Result<void> check_host_key() {
        const auto shown = fingerprint();
        if (!shown) return tl::unexpected(shown.error());
        const auto& pinned = access_.host_keys;
        if (!shown->empty() && std::find(pinned.begin(), pinned.end(), *shown) != pinned.end()) return {};
        return fail(ErrorCode::forbidden,
                    "the host key " + *shown + " is none of those that are pinned: nothing was sent");
    }

    Result<void> log_in() {
        if (const auto left = take_time(); !left) return left;
        const int none = ssh_userauth_none(session_.get(), nullptr);
        if (none == SSH_AUTH_SUCCESS) return {};
        if (none == SSH_AUTH_ERROR)
            return away("the connection ended before the login (" + said(session_.get()) + ")");
        const int methods = ssh_userauth_list(session_.get(), nullptr);
        if (!access_.key_file.empty()) return log_in_by_key();
        if (access_.password.empty())
            return fail(ErrorCode::forbidden, "neither a password nor a key is configured");
        const auto password = static_cast<unsigned>(methods);
        if ((password & SSH_AUTH_METHOD_PASSWORD) != 0)
            return judged(ssh_userauth_password(session_.get(), nullptr, access_.password.c_str()),
                          "password");
        if ((password & SSH_AUTH_METHOD_INTERACTIVE) != 0) return log_in_by_questions();
        return fail(ErrorCode::forbidden, "the switch takes neither passwords nor questions and answers");
    }

    Result<Channel> open_channel() {
        if (const auto left = take_time(); !left) return tl::unexpected(left.error());
        constexpr int columns = 511;
        constexpr int rows = 200;
        Channel channel(ssh_channel_new(session_.get()));
        if (!channel || ssh_channel_open_session(channel.get()) != SSH_OK ||
            ssh_channel_request_pty_size(channel.get(), "vt100", columns, rows) != SSH_OK ||
            ssh_channel_request_shell(channel.get()) != SSH_OK)
            return away("no terminal (" + said(session_.get()) +
                        "); perhaps all lines of the switch are taken");
        return channel;
    }

    Session take() { return std::move(session_); }

  private:
    static tl::unexpected<Error> away(std::string why) {
        return fail(ErrorCode::unavailable, std::move(why), Retry::later);
    }

    /// The rest of the time is what each of libssh's steps may take.
    Result<void> take_time() {
        const auto left =
            std::chrono::duration_cast<std::chrono::microseconds>(until_ - Clock::now()).count();
        if (left <= 0) return away("it takes too long");
        long seconds = static_cast<long>(left / 1'000'000);
        long rest = static_cast<long>(left % 1'000'000);
        ssh_options_set(session_.get(), SSH_OPTIONS_TIMEOUT, &seconds);
        ssh_options_set(session_.get(), SSH_OPTIONS_TIMEOUT_USEC, &rest);
        return {};
    }

    bool set(ssh_options_e option, const void* value) {
        return ssh_options_set(session_.get(), option, value) == SSH_OK;
    }

    bool set_options(socket_t fd) {
        const bool no = false;
        const unsigned port = access_.port;
        const bool set_all = set(SSH_OPTIONS_PROCESS_CONFIG, &no) &&
                             set(SSH_OPTIONS_HOST, access_.host.c_str()) && set(SSH_OPTIONS_PORT, &port) &&
                             set(SSH_OPTIONS_USER, access_.user.c_str()) &&
                             set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null") &&
                             set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") && set(SSH_OPTIONS_FD, &fd);
        return set_all && set_algorithms();
    }

    /// Named in full: libssh's own choice holds SHA-1, and its way of adding to a list loses the rest of it.
    bool set_algorithms() {
        std::string exchanges =
            "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
            "ecdh-sha2-nistp521,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
            "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256";
        std::string keys =
            "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-"
            "256";
        std::string ciphers =
            "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-"
            "ctr,"
            "aes128-ctr";
        std::string sums =
            "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512";
        if (access_.algorithms == SshShellAccess::Algorithms::legacy) {
            const int shortest_key = 768;
            if (!set(SSH_OPTIONS_RSA_MIN_SIZE, &shortest_key)) return false;
            exchanges +=
                ",diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1";
            keys += ",ssh-rsa";
            ciphers += ",aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc";
            sums += ",hmac-sha1";
        }
        return set(SSH_OPTIONS_KEY_EXCHANGE, exchanges.c_str()) && set(SSH_OPTIONS_HOSTKEYS, keys.c_str()) &&
               set(SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, keys.c_str()) &&
               set(SSH_OPTIONS_CIPHERS_C_S, ciphers.c_str()) &&
               set(SSH_OPTIONS_CIPHERS_S_C, ciphers.c_str()) && set(SSH_OPTIONS_HMAC_C_S, sums.c_str()) &&
               set(SSH_OPTIONS_HMAC_S_C, sums.c_str());
    }

    Result<void> log_in_by_key() {
        ssh_key raw = nullptr;
        if (ssh_pki_import_privkey_file(access_.key_file.c_str(), nullptr, nullptr, nullptr, &raw) != SSH_OK)
            return fail(ErrorCode::forbidden,
                        "no private key without a passphrase can be read from " + access_.key_file);
        const Key key(raw);
        return judged(ssh_userauth_publickey(session_.get(), nullptr, key.get()), "key");
    }

    /// One hidden question is answered with the password; whoever asks a second time has refused it.
    Result<void> log_in_by_questions() {
        bool told = false;
        int state = ssh_userauth_kbdint(session_.get(), nullptr, nullptr);
        constexpr int most_rounds = 8;
        for (int round = 0; state == SSH_AUTH_INFO && round < most_rounds; ++round) {
            const int count = ssh_userauth_kbdint_getnprompts(session_.get());
            for (int i = 0; i < count; ++i) {
                char echo = 0;
                (void)ssh_userauth_kbdint_getprompt(session_.get(), static_cast<unsigned>(i), &echo);
                if (echo != 0 || told)
                    return fail(ErrorCode::forbidden,
                                told ? "the switch asks for the password again: it refused it"
                                     : "the switch asks for something else than the password");
                told = true;
                ssh_userauth_kbdint_setanswer(session_.get(), static_cast<unsigned>(i),
                                              access_.password.c_str());
            }
            state = ssh_userauth_kbdint(session_.get(), nullptr, nullptr);
        }
        return judged(state, "password");
    }

    Result<void> judged(int state, const std::string& what) {
        if (state == SSH_AUTH_SUCCESS) return {};
        if (state == SSH_AUTH_DENIED)
            return fail(ErrorCode::forbidden, "the switch refuses user and " + what);
        if (state == SSH_AUTH_PARTIAL)
            return fail(ErrorCode::forbidden, "the switch wants more than a " + what);
        return fail(ErrorCode::forbidden, "the login was not answered (" + said(session_.get()) + ")");
    }

    const SshShellAccess& access_;
    Clock::time_point until_;
    Session session_;
};

class SshShell final : public Shell {
  public:
    SshShell(Session session, Channel channel) : session_(std::move(session)), channel_(std::move(channel)) {}

    Result<void> write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const int sent =
                ssh_channel_write(channel_.get(), bytes.data(), static_cast<std::uint32_t>(bytes.size()));
            if (sent <= 0)
                return fail(ErrorCode::unavailable, "the SSH connection ended (" + said(session_.get()) + ")",
                            Retry::later);
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return {};
    }

    Result<Piece> read(Duration within) override {
        std::array<char, 16384> buffer{};
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(within).count();
        const int count =
            ssh_channel_read_timeout(channel_.get(), buffer.data(), buffer.size(), 0,
                                     static_cast<int>(std::clamp<std::int64_t>(wait, 0, 1'000'000)));
        if (count > 0) return Piece{Is::data, std::string(buffer.data(), static_cast<std::size_t>(count))};
        const bool over = ssh_channel_is_eof(channel_.get()) != 0 ||
                          ssh_channel_is_closed(channel_.get()) != 0 || ssh_is_connected(session_.get()) == 0;
        if (over || count == SSH_ERROR) return Piece{Is::closed, {}};
        return Piece{Is::silent, {}};
    }

  private:
    Session session_;
    Channel channel_;  // freed before the session
};

}  // namespace

Result<std::unique_ptr<Shell>> open_ssh_shell(const SshShellAccess& access) {
    Opening opening(access);
    if (const auto done = opening.connect(); !done) return tl::unexpected(done.error());
    if (const auto done = opening.check_host_key(); !done) return tl::unexpected(done.error());
    if (const auto done = opening.log_in(); !done) return tl::unexpected(done.error());
    auto channel = opening.open_channel();
    if (!channel) return tl::unexpected(channel.error());
    return std::make_unique<SshShell>(opening.take(), std::move(*channel));
}

Result<std::string> shown_host_key(const SshShellAccess& access) {
    Opening opening(access);
    if (const auto done = opening.connect(); !done) return tl::unexpected(done.error());
    return opening.fingerprint();
}

}  // namespace garita::runtime

// receiver CERTIFICATE KEY MAC…: receives by UDP, TCP and TLS on free ports of the loopback, prints the
// three, and then "mac port sender relayed origin" of each event of these MAC addresses ("-": none), until
// standard input ends.
#include "adapters/syslog/receiver.hpp"

#include <iostream>
#include <string>
#include <vector>

namespace {

std::string word(std::string_view text) {
    return text.empty() ? "-" : std::string(text);
}

}  // namespace

int main(int count, char** arguments) {
    using namespace garita;
    if (count < 4) return 2;
    const auto loopback = *IpAddress::parse("127.0.0.1");
    syslog::MacSet macs;
    for (int i = 3; i < count; ++i)
        macs.insert(MacAddress::parse(arguments[i]).value());
    syslog::ReceiverSettings settings;
    using Transport = syslog::Listen::Transport;
    for (const auto transport : {Transport::udp, Transport::tcp, Transport::tls})
        settings.listen.push_back({transport, loopback, 0, {arguments[1], arguments[2]}});
    const auto receiver = syslog::Receiver::start(settings, [](const syslog::ReceivedEvent& event) {
        std::cout << word(event.event.mac ? event.event.mac->text() : "") << ' '
                  << event.event.port.short_text() << ' ' << event.sender.text() << ' '
                  << word(event.event.relayed) << ' ' << word(event.event.origin_id) << std::endl;
    });
    if (!receiver) {
        std::cerr << receiver.error().text << '\n';
        return 1;
    }
    (*receiver)->wait_for(macs);
    for (const auto port : (*receiver)->ports())
        std::cout << port << ' ';
    std::cout << std::endl;
    for (std::string line; std::getline(std::cin, line);)
        std::cout << "received " << (*receiver)->counts().received << std::endl;
    return 0;
}

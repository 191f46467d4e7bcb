"""See run.sh."""
import socket
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests' / 'integration' / 'system'))
from switches import Switches, violation  # noqa: E402
from world import Hub, World, until  # noqa: E402

LOGIN = {'device_type': 'cisco_ios', 'port': 2222, 'username': 'admin', 'password': 'admin', 'secret': 'secret'}


def mac(number):
    return f'0013.1a41.{number:04x}'


def colons(number):
    return f'00:13:1a:41:{number >> 8:02x}:{number & 255:02x}'


def send(line, source):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((source, 0))
        sender.sendto(line, ('127.0.0.1', 5514))


def prepare(hub, switches, devices):
    """Approves, and waits until every switch was asked where the devices are let in. devices: (number, switch, port)"""
    for number, switch, port in devices:
        hub.api('/access/requests', {'mac': mac(number)})
        switches.ask(switch, 'plug', port=port, macs=[colons(number)])

    def asked():
        open_ones = hub.api('/access/requests?limit=1000')['requests']
        return all(s.get('asked_at') for one in open_ones for s in hub.api(f'/access/requests/{one["id"]}')['surveys'])
    until(asked, 'all switches were asked', 120, 0.2)


def saved(switches, number, switch):
    return switches.ask(switch, 'startup').count(mac(number)) > 0


def one_by_one(center, hub, switches, count):
    times = []
    for number in range(1, count + 1):
        port = f'Gi1/0/{number % 24 + 1}'
        prepare(hub, switches, [(number, 'sw1', port)])
        began = time.monotonic()
        center.inside(send, violation(mac(number), port), '127.0.1.1')
        until(lambda: saved(switches, number, 'sw1'), 'saved', 30, 0.001)
        times.append((time.monotonic() - began) * 1000)
        until(lambda: hub.api('/access/requests?limit=1')['requests'][0]['state'] == 'done', 'it is over', 30)
        switches.ask('sw1', 'configure', text=f'interface {port}\nno switchport port-security mac-address {mac(number)}\n', save=True)
        switches.ask('sw1', 'unplug', port=port)
    return times


def all_at_once(center, hub, switches, names, each):
    devices = [(1000 + place * each + n, name, f'Gi1/0/{n + 1}') for place, name in enumerate(names) for n in range(each)]
    prepare(hub, switches, devices)

    def datagrams():
        for number, switch, port in devices:
            send(violation(mac(number), port), '127.0.1.' + switch[2:])
    began = time.monotonic()
    center.inside(datagrams)
    until(lambda: all(switches.ask(switch, 'startup').count('0013.1a41.') >= each for switch in names), 'all are saved', 60, 0.02)
    return time.monotonic() - began


def by_netmiko(center, switches, count):
    """The same session: looks, one line, the proof, the save."""
    import netmiko
    times = []
    for number in range(3000, 3000 + count):
        port = f'Gi1/0/{number % 24 + 1}'
        switches.ask('sw1', 'plug', port=port, macs=[colons(number)])

        def session():
            began = time.monotonic()
            with netmiko.ConnectHandler(host='127.0.1.1', **LOGIN) as one:
                one.enable()
                for command in (f'show running-config interface {port}', f'show interfaces {port} switchport', f'show port-security interface {port}',
                                'show port-security address', 'show mac address-table'):
                    one.send_command(command)
                one.send_config_set([f'interface {port}', f'switchport port-security mac-address {mac(number)}'])
                one.send_command(f'show running-config interface {port}')
                one.save_config()
            return (time.monotonic() - began) * 1000
        times.append(center.inside(session))
        switches.ask('sw1', 'unplug', port=port)
    return times


def told(what, times):
    print(f'{what}: median {statistics.median(times):.1f} ms, 90 % {sorted(times)[int(len(times) * 0.9)]:.1f} ms, of {len(times)}', flush=True)


def main():
    small = len(sys.argv) > 1 and sys.argv[1] != 'full'
    count, fleet = (5, 4) if small else (50, 20)
    world = World()
    center = world.host('center')
    switches = Switches(center, fleet)
    hub = Hub(center, [], 'people:\n  ana: {role: approver, system_user: root}\naccess:\n  syslog: {listen: ["udp 127.0.0.1:5514"]}\n' + switches.settings())
    with open('/proc/loadavg', encoding='ascii') as load:
        print('load before:', load.read().split()[0])
    told('datagram to saved configuration', one_by_one(center, hub, switches, count))
    spent = all_at_once(center, hub, switches, [f'sw{n}' for n in range(2, fleet + 1)] + ['sw1'], 5)
    print(f'{fleet * 5} devices on {fleet} switches at once: {spent:.2f} s', flush=True)
    told('Netmiko, the same session', by_netmiko(center, switches, max(3, count // 5)))
    hub.stop()
    world.close()


if __name__ == '__main__':
    main()

"""Rules of devices by the REST API: wanted in JSON and CSV, listed, planned, refused row by row."""
from api_caller import ApiCaller, ends_in
from world import main


class DeviceRules(ApiCaller):
    def test_rules_of_devices(self):
        rules = '/devices/rules'
        row = {'device': 'border1', 'rule': 'inet_access', 'params': '192.0.2.7', 'value': 'open'}
        done = self.checked('POST', rules, 200, {'rules': [row, {**row, 'device': 'all', 'params': '2001:DB8::7'}], 'for': '24h', 'comment': 'paid'},
                            headers={'Idempotency-Key': 'invoice 1'})
        self.assertEqual((done['changed'], done['unchanged'], done['refused']), (3, 0, []))
        again = self.checked('POST', rules, 200, {'rules': [row]}, headers={'Idempotency-Key': 'invoice 1'})
        self.assertEqual((again['changed'], again['repeated']), (3, True))
        bad = {'rules': [row, {**row, 'value': 'ajar'}, {**row, 'params': '192.0.2.8'}, 'what', {'rule': 'speed', 'params': 'x', 'value': None}]}
        told = self.checked('POST', rules, 422, bad)
        self.assertIn("row 1: value: 'ajar' is not one of open, closed", told['detail'])
        self.assertEqual([one['row'] for one in told['refused']], [1, 3, 4])
        self.assertEqual(self.checked('GET', rules, 200, path=rules + '?rule=inet_access&params=192.0.2.8')['rules'], [])
        part = self.checked('POST', rules, 200, {**bad, 'partial': True})
        self.assertEqual((part['changed'], [one['row'] for one in part['refused']]), (2, [1, 3, 4]))  # the first lost its end
        csv = 'device,rule,params,value\nborder1,shaping_in,192.0.2.9,1.5Mbit\nborder1,shaping_in,192.0.2.10,10mbps\n'
        self.checked('POST', rules, 422, csv, headers={'Content-Type': 'text/csv'})
        looked = self.checked('POST', rules, 200, csv, rules + '?partial=true&check=true', headers={'Content-Type': 'text/csv'})
        self.assertEqual((looked['changed'], looked['checked_only'], [one['row'] for one in looked['refused']]), (0, True, [3]))
        done = self.checked('POST', rules, 200, csv, rules + '?partial=true&for=1h', headers={'Content-Type': 'text/csv; charset=utf-8'})
        self.assertEqual(done['changed'], 1)
        shown = self.checked('GET', rules, 200, path=rules + '?device=border1&limit=2')
        more = self.checked('GET', rules, 200, path=rules + f'?device=border1&limit=2&after={shown["next"]}')
        every = shown['rules'] + more['rules']
        self.assertEqual(sorted(one['params'] for one in every), ['192.0.2.7', '192.0.2.8', '192.0.2.9', '2001:db8::7'])
        self.assertNotIn('next', more)
        speed = next(one for one in every if one['rule'] == 'shaping_in')
        self.assertEqual((speed['value'], speed['current'], speed['by']), ('1500kbit', None, 'all (rest)'))
        self.assertAlmostEqual(ends_in(speed['expires']), 3600, delta=30)
        self.checked('POST', rules, 200, {'rules': [{**row, 'value': None}]})
        history = self.checked('GET', rules + '/history', 200, path=rules + '/history?device=border1&rule=inet_access&params=192.0.2.7')
        self.assertEqual([one['value'] for one in history['versions']], [None, 'open'])
        self.assertIn('border1 inet_access', [one['what'] for one in self.checked('GET', rules + '/history', 200)['changes']])
        counts = {(one['device'], one['rule']): one['wanted'] for one in self.checked('GET', rules + '/counts', 200)['counts']}
        self.assertEqual(counts, {('border1', 'inet_access'): 2, ('border1', 'shaping_in'): 1, ('border2', 'inet_access'): 1})
        self.assertGreater(len(self.checked('GET', rules, 200, path=rules + '?state=different')['rules']), 3)
        for path in ('?limit=-1', '?state=odd', '?params=192.0.2.7', '?after=nonsense', '?rule=inet_access&params=x'):
            self.checked('GET', rules, 422, path=rules + path)
        for body in ({}, {'rules': []}, {'rules': 7}, {'rules': [row], 'for': 0}, {'rules': [row], 'colour': 1}):
            self.checked('POST', rules, 422, body)
        for text in ('', 'a,b\n', 'rule,params\nx,y\n', 'rule,params,value,value\n'):
            self.checked('POST', rules, 422, text, headers={'Content-Type': 'text/csv'})
        plan = self.checked('GET', rules + '/plan', 200, path=rules + '/plan?device=border1&limit=2')
        self.assertEqual((plan['device'], plan['different'], len(plan['rows'])), ('border1', 3, 2))
        self.assertEqual([one['to_do'] for one in plan['rows']], ['add', 'add'])
        self.checked('GET', rules + '/plan', 422, path=rules + '/plan')
        self.checked('POST', rules + '/drift', 404, {'device': 'border7'})
        self.checked('POST', rules + '/drift', 503, {'device': 'border1'})  # no agent of that name was ever there
        self.checked('POST', rules + '/rebuild', 404, {'rule': 'nothing'})
        for body in ({'rule': 'inet_access', 'device': 'border1'}, {'rule': 'inet_access'}):
            problem = self.checked('POST', rules + '/rebuild', 503, body)
            self.assertIn('is away', problem['detail'])
        for path in ('/drift', '/rebuild'):
            self.checked('POST', rules + path, 422, {'colour': 1})


if __name__ == '__main__':
    main()

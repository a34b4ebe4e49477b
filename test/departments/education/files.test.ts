/** What education delivers and reports, as its offices do: files of its templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let school: Delivering;
let pupil: Awaited<ReturnType<Delivering['somebody']>>;
let boarder: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  school = await openDelivering();
  pupil = await school.somebody('陈小文', '2014-02-02', 61);
  boarder = await school.somebody('李小山', '2013-03-03', 62);
});
afterAll(() => school.close());

const study = (change: Item): Item => ({
  ...pupil.who,
  schoolCode: '6201990001',
  schoolName: '某某学校',
  boarding: '否',
  ...change,
});

test('every stage from pre-school to postgraduate is delivered by the words of schools and read back; a bad row costs no other', async () => {
  const rows = [
    study({ sourceKey: 'T1', stage: '幼儿园', grade: '3', term: '2010-2' }),
    study({ sourceKey: 'T2', stage: '小学', grade: '小学六年级', term: '2011-2', boarding: '寄宿' }),
    study({ sourceKey: 'T3', stage: '初级中学', grade: '初三', term: '2012-2', boarding: '是' }),
    study({ sourceKey: 'T4', stage: '高中', grade: '高一', term: '2013年秋季学期', boarding: '1' }),
    study({ sourceKey: 'T5', stage: '中职', grade: '2', term: '2014-1' }),
    study({ sourceKey: 'T6', stage: '本科', grade: '大三', term: '2015-2016学年第一学期' }),
    study({ sourceKey: 'T7', stage: '硕士', grade: '1', term: '2016-2' }),
    study({ sourceKey: 'T8', stage: '小学', grade: '七年级', term: '2016-2' }),
  ];
  const { state, counts, findings } = await school.deliverFile('EDUCATION', 'STUDENT', rows);
  expect(findings).toEqual([
    [3, '是否寄宿', 'BAD_YES_NO'],
    [9, '年级', 'BAD_COMBINATION'],
  ]);
  expect([state, counts]).toMatchObject(['APPLIED', { rows: 8, recorded: 6, faulty: 2 }]);
  expect(await school.read(pupil.personId, 'studentRecords { stage grade term boarding }', 'EDUCATION')).toEqual({
    studentRecords: [
      { stage: 'POSTGRADUATE', grade: 1, term: '2016-2', boarding: false },
      { stage: 'UNDERGRADUATE', grade: 3, term: '2015-2', boarding: false },
      { stage: 'VOCATIONAL', grade: 2, term: '2014-1', boarding: false },
      { stage: 'SENIOR', grade: 1, term: '2013-2', boarding: true },
      { stage: 'JUNIOR', grade: 3, term: '2012-2', boarding: true },
      { stage: 'PRESCHOOL', grade: 3, term: '2010-2', boarding: false },
    ],
  });
});

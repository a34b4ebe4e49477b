/**
 * One person, two ways to write the name: traditional and simplified characters (residents of Hong Kong, Macao and Taiwan,
 * records typed from old documents), and characters that input methods and clerks take for each other. Only characters that
 * occur in names; 通用规范汉字表 (国发〔2013〕23号), annex 1, has the pairs.
 */
const PAIRS =
  '國国偉伟華华強强軍军傑杰濤涛剛刚輝辉鵬鹏飛飞賓宾凱凯鄧邓東东龍龙歡欢陽阳誌志建建國国慶庆寶宝榮荣財财貴贵銀银來来' +
  '紅红麗丽豔艳艷艳玲玲蘭兰鳳凤潔洁瑩莹環环愛爱鶯莺鶯莺貞贞燕燕雲云蓮莲張张劉刘陳陈楊杨黃黄趙赵吳吴孫孙馬马羅罗鄭郑' +
  '謝谢許许韓韩馮冯蕭萧蕭肖葉叶蘇苏呂吕薑姜盧卢鍾钟譚谭陸陆範范賈贾韋韦鄒邹閆闫閻阎雷雷龔龚萬万錢钱嚴严賀贺顧顾齊齐' +
  '單单曉晓業业樂乐長长進进遠远達达勝胜鋒锋權权義义發发興兴學学書书詩诗詠咏語语課课諾诺軒轩鐵铁鑫鑫鳴鸣麟麟嬌娇嫻娴' +
  '靜静順顺項项頌颂顏颜風风賢贤質质贊赞連连運运選选鄉乡錦锦鎮镇鏡镜開开閔闵關关隨随雙双靈灵韻韵領领願愿駿骏驍骁魯鲁' +
  '鴻鸿鶴鹤綺绮緯纬維维績绩繼继續续羣群聖圣聲声聰聪臨临舉举興兴藝艺蔣蒋薩萨虞虞衛卫覺觉訓训諒谅諸诸豐丰賽赛躍跃輪轮' +
  '彥彦於于晉晋溫温潤润澤泽瀾澜燦灿爾尔獻献瑋玮瑪玛瓊琼甯宁寧宁確确禮礼種种穎颖競竞筆笔純纯紹绍細细經经綠绿網网線线';

const SIMPLIFIED = new Map<string, string>();
{
  const signs = [...PAIRS];
  for (let i = 0; i + 1 < signs.length; i += 2) SIMPLIFIED.set(signs[i] ?? '', signs[i + 1] ?? '');
}

/** The name with traditional characters made simplified, as far as they are known here. */
export function simplified(name: string): string {
  let changed = '';
  for (const sign of name) changed += SIMPLIFIED.get(sign) ?? sign;
  return changed;
}
